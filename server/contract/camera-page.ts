/** A camera's own page. */
import { Type, type Static } from 'typebox'
import { Day, Nullable, Time } from './basic.ts'
import { Camera, CameraState, Fault, StateSpan } from './camera.ts'
import { Incident, OutageDetail } from './outages.ts'
import { TopologyNode } from './topology.ts'

export const CameraPage = Type.Object({
  camera: Camera,
  /** the last 24 hours */
  history: Type.Array(StateSpan),
  /** the last 90 days of the city's calendar, oldest first, ms in each state */
  days: Type.Array(
    Type.Object({
      day: Day,
      up: Type.Integer(),
      degraded: Type.Integer(),
      down: Type.Integer(),
      unknown: Type.Integer(),
      maintenance: Type.Integer(),
    }),
  ),
  /** what its source says, where it is judged by probing */
  claim: Nullable(Type.Object({ state: CameraState, since: Time, at: Time, feed: Type.String() })),
  siteMates: Type.Array(Type.Integer()),
  /** what it hangs on, nearest first */
  parents: Type.Array(TopologyNode),
  outages: Type.Array(OutageDetail),
  incidents: Type.Array(Incident),
  /** newest pictures: evidence */
  goodPicture: Nullable(Type.Object({ id: Type.Integer(), at: Time })),
  badPicture: Nullable(Type.Object({ id: Type.Integer(), at: Time, fault: Nullable(Fault) })),
  /** how it can be watched; without any address */
  watch: Type.Array(
    Type.Union([Type.Literal('hls'), Type.Literal('rtsp'), Type.Literal('whep'), Type.Literal('snapshot')]),
  ),
})
export type CameraPage = Static<typeof CameraPage>

/** A point of the latency and failure chart. */
export const CheckPoint = Type.Object({
  at: Time,
  /** mean and slowest, ms; null without a timed check */
  latency: Nullable(Type.Number()),
  slowest: Nullable(Type.Number()),
  checks: Type.Integer(),
  failures: Type.Integer(),
})
export type CheckPoint = Static<typeof CheckPoint>
