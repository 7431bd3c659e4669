import { findCauses, type Scene } from '../causes.ts'
import type { CameraSeen, Causes, KnownIncident, NodeSeen } from '../types.ts'

export const LIMITS = { intervalSeconds: 30, recoveries: 2 }
export const SECOND = 1_000
export const WEEK_AGO = 1_000
/** when things fail in these cases, ms */
export const T = 600_000_000
export const NOW = T + 90 * SECOND

export const camera = (id: number, parentId: number | null, rest: Partial<CameraSeen> = {}): CameraSeen => ({
  id,
  parentId,
  state: 'up',
  since: WEEK_AGO,
  failing: false,
  fault: null,
  site: null,
  subnet: null,
  layer: null,
  planned: false,
  ...rest,
})
export const down = (since: number, rest: Partial<CameraSeen> = {}): Partial<CameraSeen> => ({
  state: 'down',
  since,
  failing: true,
  layer: 'network',
  fault: 'timeout',
  ...rest,
})
export const node = (
  id: number,
  code: string,
  parentId: number | null,
  rest: Partial<NodeSeen> = {},
): NodeSeen => ({
  id,
  code,
  parentId,
  probed: false,
  state: 'unknown',
  since: 0,
  failing: false,
  fault: null,
  ...rest,
})
export const answering = { probed: true, state: 'up', since: WEEK_AGO } as const
export const dead = (since: number) =>
  ({ probed: true, state: 'down', since, failing: true, fault: 'timeout' }) as const
export const many = (count: number, from: number, make: (place: number) => CameraSeen) =>
  Array.from({ length: count }, (_, place) => ({ ...make(place), id: from + place }))
export const ids = (from: number, count: number) => Array.from({ length: count }, (_, place) => from + place)

export const find = (scene: Partial<Scene>, now = NOW) =>
  findCauses({ nodes: [], cameras: [], incidents: [], ...scene }, now, LIMITS)
export const brief = ({ causes }: Causes) =>
  causes.map(({ kind, subject, cameras }) => [kind, subject, cameras])
/** What is on record after what was found. */
export const onRecord = (found: Causes, endedAt: number | null = null): KnownIncident[] =>
  found.causes.map(({ kind, subject, since, cameras }, place) => ({
    id: place + 1,
    kind,
    subject,
    cameras,
    startedAt: since,
    endedAt,
  }))
