/** Where a camera can be asked, and how it is probed. */
import { Type, type Static } from 'typebox'
import { closed } from './basic.ts'
import { Layer } from './camera.ts'

const Address = Type.String({ minLength: 1, maxLength: 2_000, pattern: '^[^\\u0000-\\u0020\\u007f]+$' })

/** Where a camera, or a node, can be asked. No credentials stand in an address: they are kept sealed beside it. */
export const Targets = Type.Object(
  {
    /** a host that answers ICMP echo */
    ping: Type.Optional(Address),
    /** host:port that takes TCP connections */
    tcp: Type.Optional(Address),
    /** rtsp:// or rtsps:// */
    rtsp: Type.Optional(Address),
    /** http(s):// that answers 2xx */
    http: Type.Optional(Address),
    /** http(s):// of an HLS playlist */
    hls: Type.Optional(Address),
    /** http(s):// of a JPEG */
    snapshot: Type.Optional(Address),
    /** http(s):// of the ONVIF device service */
    onvif: Type.Optional(Address),
    /** http(s):// where a media server offers WHEP; watched, not probed */
    whep: Type.Optional(Address),
    /** sent to http, hls and snapshot where the portal asks for it */
    referer: Type.Optional(Address),
    /** http(s):// that gives the cookie which the portal asks for */
    cookieFrom: Type.Optional(Address),
  },
  closed,
)
export type Targets = Static<typeof Targets>

/** How it is probed. What a camera does not say its group says, then all. */
export const ProbeSettings = Type.Object(
  {
    intervalSeconds: Type.Integer({ minimum: 5, maximum: 86_400 }),
    /** for each layer, ms */
    timeoutMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
    /** failed checks until a verdict goes down */
    failures: Type.Integer({ minimum: 1, maximum: 20 }),
    /** good checks until it comes back */
    recoveries: Type.Integer({ minimum: 1, maximum: 20 }),
    /** which layers are probed, as far as there is a target for them */
    layers: Type.Array(Layer, { minItems: 1, maxItems: 4, uniqueItems: true }),
    /** the picture's slower rhythm */
    pictureSeconds: Type.Integer({ minimum: 10, maximum: 86_400 }),
    /** so many pictures without change are a frozen one; 0: the scene need not move */
    frozenPictures: Type.Integer({ minimum: 0, maximum: 1_000 }),
    /** so many times its own usual latency is slow; 0: never */
    slowFactor: Type.Number({ minimum: 0, maximum: 1_000 }),
    /** a device clock that is further off is a fault, s; 0: never */
    clockDriftSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
    /** share of changes (0..1) at which flapping begins, and below which it ends */
    flapHigh: Type.Number({ minimum: 0, maximum: 1 }),
    flapLow: Type.Number({ minimum: 0, maximum: 1 }),
  },
  closed,
)
export type ProbeSettings = Static<typeof ProbeSettings>
export const PartialSettings = Type.Partial(ProbeSettings)
export type PartialSettings = Static<typeof PartialSettings>

export const DEFAULT_SETTINGS: ProbeSettings = {
  intervalSeconds: 30,
  timeoutMs: 5_000,
  failures: 3,
  recoveries: 2,
  layers: ['network', 'protocol', 'stream', 'picture'],
  pictureSeconds: 300,
  frozenPictures: 3,
  slowFactor: 5,
  clockDriftSeconds: 0,
  flapHigh: 0.5,
  flapLow: 0.25,
}
