import type { Camera, ShownState } from '#contract/camera.ts'
import { shownState } from '../cameras/urgency.ts'

/** What the wall calls out at one time: a failing camera, a pole's failing cameras, or a district's that failed together. */
export interface Callout {
  key: string
  kind: 'camera' | 'site' | 'district'
  state: ShownState
  cameras: Camera[]
  /** when the first of them failed */
  since: string | null
  position: { latitude: number; longitude: number } | null
}

const URGENCY: Partial<Record<ShownState, number>> = {
  down: 0,
  flapping: 1,
  degraded: 2,
  unreachable: 3,
  unknown: 4,
}
/** So many places of a district that fail within so long are one event: a switch, a power line, a feed. */
const TOGETHER_PLACES = 5
const TOGETHER_MS = 3 * 60_000

/** Most urgent first: down, degraded, silent; among these the newest. A planned standstill is no failure. */
export function calloutsOf(cameras: Iterable<Camera>): Callout[] {
  const failing = [...cameras].filter(({ status }) => shownState(status) in URGENCY)
  const places = grouped(
    failing,
    (camera) => `${shownState(camera.status)} ${camera.site ?? `camera ${camera.id}`}`,
  ).map(placeOf)
  const districts = grouped(places, (place) => `${place.state} ${place.cameras[0]?.district ?? ''}`)
  return districts.flatMap(together).sort(byUrgency)
}

/** The callout to show after `key`; the first when that one is gone or was the last. */
export function following(callouts: readonly Callout[], key: string | null): Callout | undefined {
  const place = callouts.findIndex((callout) => callout.key === key)
  return callouts[place + 1] ?? callouts[0]
}

function placeOf(cameras: Camera[]): Callout {
  const first = cameras[0] as Camera
  const kind = cameras.length > 1 ? 'site' : 'camera'
  return calloutOf(kind, kind === 'site' ? `site ${first.site}` : `camera ${first.id}`, cameras)
}

function together(places: Callout[]): Callout[] {
  const district = places[0]?.cameras[0]?.district
  if (district == null || places.length < TOGETHER_PLACES) return places
  const ordered = [...places].sort((a, b) => time(a.since) - time(b.since))
  const runs: Callout[][] = []
  for (const place of ordered) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run !== undefined && last !== undefined && time(place.since) - time(last.since) <= TOGETHER_MS)
      run.push(place)
    else runs.push([place])
  }
  return runs.flatMap((run) => {
    if (run.length < TOGETHER_PLACES) return run
    const cameras = run.flatMap((place) => place.cameras)
    return [calloutOf('district', `district ${district} ${run[0]?.since ?? ''}`, cameras)]
  })
}

function calloutOf(kind: Callout['kind'], key: string, cameras: Camera[]): Callout {
  const first = cameras[0] as Camera
  const times = cameras.flatMap(({ status }) => (status.since === null ? [] : [status.since])).sort()
  const placed = cameras.flatMap(({ latitude, longitude }) =>
    latitude === null || longitude === null ? [] : [{ latitude, longitude }],
  )
  return {
    key: `${key} ${shownState(first.status)}`,
    kind,
    state: shownState(first.status),
    cameras,
    since: times[0] ?? null,
    position: placed.length === 0 ? null : middleOf(placed),
  }
}

function middleOf(places: { latitude: number; longitude: number }[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    latitude: mean(places.map((one) => one.latitude)),
    longitude: mean(places.map((one) => one.longitude)),
  }
}

function grouped<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const key = keyOf(thing)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [thing])
    else group.push(thing)
  }
  return [...groups.values()]
}

const time = (iso: string | null) => (iso === null ? 0 : Date.parse(iso))
const urgency = ({ state }: Callout) => URGENCY[state] ?? 9
const byUrgency = (a: Callout, b: Callout) =>
  urgency(a) - urgency(b) || time(b.since) - time(a.since) || a.key.localeCompare(b.key)
