import { medianOf } from '#contract/quality/index.ts'
import type { EntryEdit, EntryOutcome } from '#contract/survey.ts'
import { nextState, type Person } from './states.ts'
import type { StoredEntry } from './store.ts'
import type { NewEvent } from './trail.ts'

export interface EditContext {
  surveyId: number
  /** codes that the city knows */
  commodities: ReadonlySet<string>
  /** of this survey */
  photos: ReadonlySet<number>
  who: Person
  device: string
  now: Date
}
export interface Applied {
  /** one an edit, in their order, without what stands afterwards */
  outcomes: Omit<EntryOutcome, 'entry'>[]
  /** what stands of each commodity, the changed ones replaced */
  standing: Map<string, StoredEntry>
  changed: Set<string>
  events: NewEvent[]
}

/**
 * What a phone's edits come to. An edit whose id is known happened before; one that was based on another version than
 * stands is a conflict and changes nothing: whoever sent it is shown what stands and decides.
 * @param known ids of edits that were stored before
 */
export function applyEdits(
  before: readonly StoredEntry[],
  known: ReadonlySet<string>,
  edits: readonly EntryEdit[],
  context: EditContext,
): Applied {
  const standing = new Map(before.map((entry) => [entry.commodity, entry]))
  const done = new Set(known)
  const applied: Applied = { outcomes: [], standing, changed: new Set(), events: [] }
  for (const edit of edits) {
    const { clientId, commodity } = edit
    const tell = (outcome: EntryOutcome['outcome'], problem: EntryOutcome['problem'] = null) =>
      applied.outcomes.push({ clientId, commodity, outcome, problem })
    const entry = standing.get(commodity)
    const state = nextState('enter', entry?.state ?? 'none')
    if (done.has(clientId)) tell('duplicate')
    else if (!context.commodities.has(commodity)) tell('refused', 'unknown-commodity')
    else if (!isAnswered(edit)) tell('refused', 'no-price')
    else if (edit.photoId !== null && !context.photos.has(edit.photoId)) tell('refused', 'unknown-photo')
    else if (state === null) tell('refused', 'too-late')
    else if (edit.base !== (entry?.version ?? 0)) tell('conflict')
    else {
      const next = entryOf(edit, entry, context)
      done.add(clientId)
      standing.set(commodity, next)
      applied.changed.add(commodity)
      applied.events.push(eventOf(next, clientId))
      tell('stored')
    }
  }
  return applied
}

/** Sellers' prices for 'price', the one that was shown for 'same', none for 'not-sold'. */
export function isAnswered({ answer, prices }: Pick<EntryEdit, 'answer' | 'prices'>): boolean {
  if (answer === 'price') return prices.length > 0
  return prices.length === (answer === 'same' ? 1 : 0)
}

function entryOf(
  edit: EntryEdit,
  before: StoredEntry | undefined,
  { surveyId, who, device, now }: EditContext,
): StoredEntry {
  const { commodity, answer, prices, stock, note, photoId, insist } = edit
  return {
    surveyId,
    commodity,
    version: edit.base + 1,
    answer,
    prices,
    price: answer === 'not-sold' ? null : medianOf(prices),
    stock,
    note,
    photoId,
    insist,
    state: 'draft',
    // stays in sight until it is submitted anew
    sentBackReason: before?.sentBackReason ?? '',
    author: who,
    device,
    notedAt: notedAt(edit, now),
    receivedAt: now,
    submittedAt: before?.submittedAt ?? null,
    verifiedBy: null,
  }
}

/** A phone's clock that is ahead, or years behind, is not believed. */
function notedAt(edit: EntryEdit, now: Date): Date {
  const noted = new Date(edit.notedAt)
  return noted <= now && now.getTime() - noted.getTime() < 60 * 86_400_000 ? noted : now
}

const eventOf = (entry: StoredEntry, clientId: string): NewEvent => ({
  surveyId: entry.surveyId,
  commodity: entry.commodity,
  kind: 'entered',
  version: entry.version,
  clientId,
  detail: {
    answer: entry.answer,
    prices: entry.prices,
    price: entry.price,
    stock: entry.stock,
    note: entry.note,
    photoId: entry.photoId,
    insist: entry.insist,
    device: entry.device,
    notedAt: entry.notedAt.toISOString(),
  },
})
