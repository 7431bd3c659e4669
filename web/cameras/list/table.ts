import type { CameraRow } from '#contract/camera-list.ts'
import type { Camera, Layer, ShownState } from '#contract/camera.ts'
import { LAYERS_IN_ORDER } from '../layers.ts'
import { byUrgency, shownState, STATES } from '../urgency.ts'

/** The columns by which the table is sorted, in the order in which they stand. */
export const COLUMNS = [
  'state',
  'name',
  'fault',
  'since',
  'day',
  'month',
  'latency',
  'group',
  'owner',
  'district',
] as const
export type Column = (typeof COLUMNS)[number]
/** In a filter: cameras that have none. */
export const NONE = '-'

/** What the address asks for: '' is no filter. */
export interface Wanted {
  states: ShownState[]
  layer: Layer | ''
  district: string
  group: string
  owner: string
  text: string
  sort: Column
  descending: boolean
}

/** Reads a query such as `state=down,flapping&sort=-since`; what it does not know it takes as not said. */
export function readWanted(query: URLSearchParams): Wanted {
  const word = (key: string) => query.get(key) ?? ''
  const sort = word('sort')
  return {
    states: STATES.filter((state) => word('state').split(',').includes(state)),
    layer: LAYERS_IN_ORDER.find((layer) => layer === word('layer')) ?? '',
    district: word('district'),
    group: word('group'),
    owner: word('owner'),
    text: word('q'),
    sort: COLUMNS.find((column) => column === sort.replace('-', '')) ?? 'state',
    descending: sort.startsWith('-'),
  }
}

const fits = (value: string | null, wanted: string, none = NONE) =>
  wanted === '' || (value ?? none) === wanted

/** Cameras by where they are and whose; the text is looked for in name, address and stream id, whatever its case. */
export function placed(cameras: readonly Camera[], wanted: Wanted): Camera[] {
  const text = wanted.text.trim().toLowerCase()
  return cameras.filter(
    (camera) =>
      fits(camera.district, wanted.district, 'outside') &&
      fits(camera.group, wanted.group) &&
      fits(camera.owner, wanted.owner) &&
      (text === '' ||
        `${camera.name}\n${camera.address ?? ''}\n${camera.streamId}`.toLowerCase().includes(text)),
  )
}
/** Of these, those whose state and failed layer are wanted. */
export function failing(
  cameras: readonly Camera[],
  { states, layer }: Pick<Wanted, 'states' | 'layer'>,
): Camera[] {
  return cameras.filter(
    ({ status }) =>
      (states.length === 0 || states.includes(shownState(status))) &&
      (layer === '' || status.layer === layer),
  )
}

/** The last latency that was measured, ms; null where none was. */
export const lastLatency = (row: CameraRow | undefined): number | null =>
  row?.latencies.findLast((value) => value !== null) ?? null

/** What a column is sorted by beside the camera itself: facts by camera, districts' names by code. */
export interface Facts {
  rows: ReadonlyMap<number, CameraRow>
  districts: ReadonlyMap<string, string>
}
type Key = string | number | null
const KEYS: Record<Exclude<Column, 'state'>, (camera: Camera, facts: Facts) => Key> = {
  name: ({ name }) => name,
  fault: ({ status: { layer, fault } }) =>
    layer === null ? null : `${LAYERS_IN_ORDER.indexOf(layer)} ${fault ?? ''}`,
  since: ({ status }) => (status.since === null ? null : Date.parse(status.since)),
  day: ({ id }, { rows }) => rows.get(id)?.availability24h ?? null,
  month: ({ id }, { rows }) => rows.get(id)?.availability30d ?? null,
  latency: ({ id }, { rows }) => lastLatency(rows.get(id)),
  group: ({ group }) => group,
  owner: ({ owner }) => owner,
  district: ({ district }, { districts }) => districts.get(district ?? '') ?? null,
}
/** Its order moves with each batch of states; that of the others only with the list. */
export const isLive = (column: Column): boolean => ['state', 'fault', 'since'].includes(column)

const words = new Intl.Collator('id', { numeric: true, sensitivity: 'base' })
/** Sorted by a column; who has nothing there stands last either way, and equals stand as they stood. */
export function ordered(
  cameras: readonly Camera[],
  facts: Facts,
  { sort, descending }: Pick<Wanted, 'sort' | 'descending'>,
): Camera[] {
  const sign = descending ? -1 : 1
  if (sort === 'state') return [...cameras].sort((a, b) => sign * byUrgency(a, b))
  const keyed = cameras.map((camera) => ({ camera, key: KEYS[sort](camera, facts) }))
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(`${a}`, `${b}`))
  })
  return keyed.map(({ camera }) => camera)
}

/** The values that there are, in the order of words, and whether some have none: what a filter offers. */
export function choices(values: Iterable<string | null>): { values: string[]; none: boolean } {
  const there = new Set(values)
  const none = there.delete(null)
  return { values: ([...there] as string[]).sort(words.compare), none }
}

/** The selection with all that stand between two rows of the list, both of them too. */
export function withRange(
  selected: ReadonlySet<number>,
  listed: readonly Camera[],
  from: number,
  to: number,
): Set<number> {
  const [first, last] = [Math.min(from, to), Math.max(from, to)]
  return new Set([...selected, ...listed.slice(first, last + 1).map(({ id }) => id)])
}
export function toggled(selected: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(selected)
  if (!next.delete(id)) next.add(id)
  return next
}
