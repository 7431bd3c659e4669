import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { withEntries, type Settled } from './edits.ts'
import type { KeptEdit, KeptList, KeptPhoto, KeptSheet, Mark, NewEdit, Place } from './model.ts'

type PlaceKey = [account: number, market: string, day: string]
interface Schema extends DBSchema {
  edits: { key: number; value: KeptEdit; indexes: { place: PlaceKey; account: number } }
  sheets: { key: PlaceKey; value: KeptSheet }
  marks: { key: PlaceKey; value: Mark }
  photos: { key: string; value: KeptPhoto }
  lists: { key: number; value: KeptList }
}
const PLACE = ['account', 'market', 'day']
const keyOf = ({ account, market, day }: Place): PlaceKey => [account, market, day]

let opened: Promise<IDBPDatabase<Schema>> | undefined
const open = (): Promise<IDBPDatabase<Schema>> =>
  (opened ??= openDB<Schema>('survey', 1, {
    upgrade(database) {
      const edits = database.createObjectStore('edits', { keyPath: 'seq', autoIncrement: true })
      edits.createIndex('place', PLACE)
      edits.createIndex('account', 'account')
      for (const name of ['sheets', 'marks'] as const) database.createObjectStore(name, { keyPath: PLACE })
      database.createObjectStore('photos', { keyPath: 'clientId' })
      database.createObjectStore('lists', { keyPath: 'account' })
    },
  }))

const CHANNEL = 'survey'
let teller: BroadcastChannel | undefined
/** Tells every page of this browser, this one too, that something that is kept has changed. */
const tell = (): void => (teller ??= new BroadcastChannel(CHANNEL)).postMessage(null)
export function onChange(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = listener
  return () => channel.close()
}

// Edits -------------------------------------------------------------------------------------------

/** In the order in which they were made. */
export const editsOf = async (place: Place): Promise<KeptEdit[]> =>
  (await open()).getAllFromIndex('edits', 'place', keyOf(place))
export const editsOfAccount = async (account: number): Promise<KeptEdit[]> =>
  (await open()).getAllFromIndex('edits', 'account', account)

export async function changeEdits(change: {
  drop?: readonly KeptEdit[]
  add?: NewEdit
  change?: readonly KeptEdit[]
}): Promise<void> {
  const tx = (await open()).transaction(['edits', 'photos'], 'readwrite')
  const edits = tx.objectStore('edits')
  const gone = (change.drop ?? []).flatMap(({ photo }) =>
    photo === null || photo === change.add?.photo ? [] : [photo],
  )
  await Promise.all([
    ...gone.map((photo) => tx.objectStore('photos').delete(photo)),
    ...(change.drop ?? []).map(({ seq }) => edits.delete(seq)),
    ...(change.change ?? []).map((kept) => edits.put(kept)),
    // The key is the database's own.
    ...(change.add === undefined ? [] : [edits.add(change.add as KeptEdit)]),
    tx.done,
  ])
  tell()
}

/** Keeps what the server answered: edits that are done leave, what stands enters the sheet. */
export async function keepSettled(place: Place, { drop, change, entries }: Settled): Promise<void> {
  const tx = (await open()).transaction(['edits', 'sheets', 'photos'], 'readwrite')
  for (const { seq, photo } of drop) {
    await tx.objectStore('edits').delete(seq)
    if (photo !== null) await tx.objectStore('photos').delete(photo)
  }
  for (const kept of change) await tx.objectStore('edits').put(kept)
  const kept = await tx.objectStore('sheets').get(keyOf(place))
  if (kept !== undefined)
    await tx
      .objectStore('sheets')
      .put({ ...kept, sheet: { ...kept.sheet, entries: withEntries(kept.sheet.entries, entries) } })
  await tx.done
  tell()
}

// Sheets, marks, lists ----------------------------------------------------------------------------

export const sheetOf = async (place: Place): Promise<KeptSheet | undefined> =>
  (await open()).get('sheets', keyOf(place))
export const sheetsOfAccount = async (account: number): Promise<KeptSheet[]> =>
  (await (await open()).getAll('sheets')).filter((kept) => kept.account === account)
export async function keepSheet(kept: KeptSheet): Promise<void> {
  await (await open()).put('sheets', kept)
  tell()
}
export const markOf = async (place: Place): Promise<Mark> =>
  (await (await open()).get('marks', keyOf(place))) ?? { ...place, submit: false, officer: null, left: [] }
export async function keepMark(mark: Mark): Promise<void> {
  await (await open()).put('marks', mark)
  tell()
}
/** Surveys of an account that are to be submitted. */
export const toSubmit = async (account: number): Promise<Mark[]> =>
  (await (await open()).getAll('marks')).filter((mark) => mark.account === account && mark.submit)
export const listOf = async (account: number): Promise<KeptList | undefined> =>
  (await open()).get('lists', account)
export async function keepList(list: KeptList): Promise<void> {
  await (await open()).put('lists', list)
}

// Photos ------------------------------------------------------------------------------------------

export const photoOf = async (clientId: string): Promise<KeptPhoto | undefined> =>
  (await open()).get('photos', clientId)
export const keepPhoto = async (photo: KeptPhoto): Promise<void> =>
  void (await (await open()).put('photos', photo))

/** Drops sheets and photos of days before this one, which nobody can fill in any more; edits that wait stay. */
export async function dropOld(oldest: string): Promise<void> {
  const tx = (await open()).transaction(['sheets', 'marks', 'photos'], 'readwrite')
  for (const photo of await tx.objectStore('photos').getAll())
    if (photo.day < oldest) await tx.objectStore('photos').delete(photo.clientId)
  for (const name of ['sheets', 'marks'] as const)
    for (const key of await tx.objectStore(name).getAllKeys())
      if (key[2] < oldest) await tx.objectStore(name).delete(key)
  await tx.done
}
