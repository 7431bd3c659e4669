/** A camera is one CCTV point, one view; several may share a site (a pole). Its state, what is wrong with it, and since when. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from './basic.ts'

export const CameraState = Type.Union([
  Type.Literal('up'),
  Type.Literal('degraded'),
  Type.Literal('down'),
  Type.Literal('unknown'),
  Type.Literal('maintenance'),
  /** something that it hangs on failed: nobody can say */
  Type.Literal('unreachable'),
])
export type CameraState = Static<typeof CameraState>
/** What a screen shows: a flapping camera's verdict is not to be believed. */
export type ShownState = CameraState | 'flapping'

/** What a probe goes through, in order; the first that fails is named. */
export const LAYERS = ['network', 'protocol', 'stream', 'picture'] as const
export const Layer = Type.Unsafe<Layer>(Type.Union(LAYERS.map((layer) => Type.Literal(layer))))
export type Layer = (typeof LAYERS)[number]

/** What a probe can find: a closed set, so that the page says each in the reader's language. */
export const FAULTS = [
  // network
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'not-allowed',
  // protocol
  'silent',
  'not-rtsp',
  'not-http',
  'sign-in',
  'status',
  'redirect',
  'tls-expired',
  'tls-expiring',
  'tls-incomplete',
  'tls-untrusted',
  'tls-name',
  'tls',
  'no-video',
  'bad-sdp',
  'clock-drift',
  'not-onvif',
  // stream
  'bad-playlist',
  'stuck',
  'segment',
  'no-packets',
  // picture
  'no-picture',
  'bad-picture',
  'frozen',
  'black',
  'single-colour',
  'out-of-focus',
  'placeholder',
  // any
  'slow',
] as const
export const Fault = Type.Unsafe<Fault>(Type.Union(FAULTS.map((fault) => Type.Literal(fault))))
export type Fault = (typeof FAULTS)[number]

/** What changes about a camera: all that a delta carries. */
export const CameraStatus = Type.Object({
  id: Type.Integer(),
  state: CameraState,
  since: Nullable(Time),
  /** the last reading, null when none was ever taken */
  at: Nullable(Time),
  /** the source's words */
  reason: Nullable(Type.String()),
  feed: Nullable(Type.String()),
  demo: Type.Boolean(),
  /** it changes too often to be believed; `state` is the verdict beneath */
  flapping: Type.Boolean(),
  /** which layer failed and how, where a probe found it */
  layer: Nullable(Layer),
  fault: Nullable(Fault),
})
export type CameraStatus = Static<typeof CameraStatus>

export const Camera = Type.Object({
  id: Type.Integer(),
  streamId: Type.String(),
  name: Type.String(),
  address: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  /** cameras of one pole share it */
  site: Nullable(Type.String()),
  /** code of the district in which it lies; null outside the city */
  district: Nullable(Type.String()),
  subdistrict: Nullable(Type.String()),
  /** what the source claims, by name */
  publishedDistrict: Nullable(Type.String()),
  districtDisagrees: Type.Boolean(),
  owner: Nullable(Type.String()),
  vendor: Nullable(Type.String()),
  group: Nullable(Type.String()),
  /** the node that it hangs on */
  parentId: Nullable(Type.Integer()),
  enabled: Type.Boolean(),
  /** judged by probing; else by what its source reports */
  judged: Type.Boolean(),
  status: CameraStatus,
})
export type Camera = Static<typeof Camera>

export const StateSpan = Type.Object({ from: Time, to: Time, state: CameraState })
export type StateSpan = Static<typeof StateSpan>

export const Outage = Type.Object({
  id: Type.Integer(),
  cameraId: Type.Integer(),
  startedAt: Time,
  endedAt: Nullable(Time),
  cause: Nullable(Type.String()),
})
export type Outage = Static<typeof Outage>

export const CameraDetail = Type.Object({
  camera: Camera,
  /** the last 24 hours without gaps, oldest first */
  history: Type.Array(StateSpan),
  outages: Type.Array(Outage),
  siteMates: Type.Array(Type.Integer()),
  /** share of up in up + down over the last 30 days, 0..1; null where nothing was seen */
  availability30d: Nullable(Type.Number()),
})
export type CameraDetail = Static<typeof CameraDetail>
