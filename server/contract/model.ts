/**
 * What server and web agree on: the things they speak of. One schema a thing; its type is derived from it.
 *
 * camera     one CCTV point, one view; several may share a site (a pole)
 * quote      the price of a commodity at a market on a day, from one source
 * feed       a source; a run is one reading of it; a reject is a row that could not be taken
 * Times are ISO 8601 in UTC, days are YYYY-MM-DD of the city's calendar, prices are rupiah per canonical unit.
 */
import { Type, type Static } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
export const Time = Type.String({ description: 'ISO 8601 in UTC' })
export const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: "a day of the city's calendar",
})

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

export const QuoteStatus = Type.Union([
  Type.Literal('reported'),
  Type.Literal('carried'),
  Type.Literal('imputed'),
  Type.Literal('corrected'),
])
export type QuoteStatus = Static<typeof QuoteStatus>

export const Market = Type.Object({
  code: Type.String(),
  name: Type.String(),
  level: Type.Union([
    Type.Literal('market'),
    Type.Literal('city'),
    Type.Literal('province'),
    Type.Literal('producer'),
  ]),
})
export type Market = Static<typeof Market>

export const Commodity = Type.Object({
  code: Type.String(),
  nameId: Type.String(),
  nameEn: Type.String(),
  unit: Type.String(),
  category: Type.String(),
})
export type Commodity = Static<typeof Commodity>

export const Ceiling = Type.Object({
  kind: Type.Union([Type.Literal('HET'), Type.Literal('HAP')]),
  price: Type.Integer(),
  regulation: Type.String(),
  validFrom: Nullable(Day),
})
export type Ceiling = Static<typeof Ceiling>

export const Quote = Type.Object({
  market: Type.String(),
  commodity: Type.String(),
  /** the day for which it was reported: older than the board's day where it is carried */
  day: Day,
  price: Type.Integer(),
  status: QuoteStatus,
  feed: Type.String(),
  demo: Type.Boolean(),
  revision: Type.Integer(),
})
export type Quote = Static<typeof Quote>

export const CityPrice = Type.Object({
  day: Day,
  median: Type.Integer(),
  low: Type.Integer(),
  high: Type.Integer(),
  markets: Type.Integer(),
  demo: Type.Boolean(),
})
export type CityPrice = Static<typeof CityPrice>

export const BoardRow = Type.Object({
  commodity: Commodity,
  city: Nullable(CityPrice),
  /** city median the day before, seven days and a month before the board's day; null where none was reported */
  yesterday: Nullable(Type.Integer()),
  lastWeek: Nullable(Type.Integer()),
  lastMonth: Nullable(Type.Integer()),
  ceiling: Nullable(Ceiling),
  quotes: Type.Array(Quote),
  /** codes of markets where it is due and without a price of that very day */
  missing: Type.Array(Type.String()),
  /** codes of markets where it was not sold on that day */
  notSold: Type.Array(Type.String()),
  /** codes of markets whose price of that day has an open flag */
  flagged: Type.Array(Type.String()),
  /** city medians of the 30 days to the board's day; null is a day without a report */
  sparkline: Type.Array(Nullable(Type.Integer())),
})
export type BoardRow = Static<typeof BoardRow>

/** The table of commodity by market for a day. */
export const PriceBoard = Type.Object({
  day: Day,
  /** newest day with any market's price */
  latestDay: Nullable(Day),
  firstDay: Nullable(Day),
  markets: Type.Array(Market),
  rows: Type.Array(BoardRow),
  /** the day by whose end all of it was known; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type PriceBoard = Static<typeof PriceBoard>

export const PriceSeries = Type.Object({
  market: Market,
  feed: Type.String(),
  demo: Type.Boolean(),
  points: Type.Array(Type.Object({ day: Day, price: Type.Integer(), status: QuoteStatus })),
})
export type PriceSeries = Static<typeof PriceSeries>

export const CommodityHistory = Type.Object({
  commodity: Commodity,
  from: Day,
  to: Day,
  city: Type.Array(CityPrice),
  /** what counts of each market, or the means of so many days each, from a Monday on */
  series: Type.Array(PriceSeries),
  /** 1; over more than two years 7, over more than five 28 */
  stepDays: Type.Integer(),
  known: Nullable(Day),
  /** ceilings in force within the range, each from a day to a day (null: open) */
  ceilings: Type.Array(Type.Object({ ...Ceiling.properties, from: Day, to: Day })),
})
export type CommodityHistory = Static<typeof CommodityHistory>

export const FeedState = Type.Union([
  Type.Literal('ok'),
  Type.Literal('stale'),
  Type.Literal('failing'),
  Type.Literal('waiting'),
  Type.Literal('off'),
])
export type FeedState = Static<typeof FeedState>

export const FeedRun = Type.Object({
  id: Type.Integer(),
  startedAt: Time,
  tookMs: Type.Integer(),
  outcome: Type.Union([Type.Literal('ok'), Type.Literal('not-modified'), Type.Literal('failed')]),
  received: Type.Integer(),
  accepted: Type.Integer(),
  unchanged: Type.Integer(),
  duplicate: Type.Integer(),
  notReported: Type.Integer(),
  rejected: Type.Integer(),
  error: Nullable(Type.String()),
})
export type FeedRun = Static<typeof FeedRun>

export const FeedInfo = Type.Object({
  id: Type.String(),
  domain: Type.Union([Type.Literal('cameras'), Type.Literal('prices')]),
  mode: Type.Union([Type.Literal('pull'), Type.Literal('push'), Type.Literal('history')]),
  kind: Type.String(),
  title: Type.String(),
  source: Type.String(),
  demo: Type.Boolean(),
  schedule: Nullable(Type.String()),
  state: FeedState,
  staleSeconds: Type.Integer(),
  lastGoodAt: Nullable(Time),
  lastRun: Nullable(FeedRun),
  /** rejects that were not replayed */
  rejects: Type.Integer(),
})
export type FeedInfo = Static<typeof FeedInfo>

/** Why a row was refused: a closed set, so that the page can say each in the reader's language. */
export type RejectReason =
  | 'shape'
  | 'not-json'
  | 'missing'
  | 'too-long'
  | 'not-a-number'
  | 'not-a-day'
  | 'not-a-time'
  | 'not-text'
  | 'out-of-range'
  | 'future'
  | 'too-old'
  | 'unknown-camera'
  | 'unknown-market'
  | 'unknown-commodity'
  | 'unknown-status'
  | 'cut'
  | 'not-kept'
  | 'locked-month'

export const Reject = Type.Object({
  id: Type.Integer(),
  feed: Type.String(),
  at: Time,
  lastAt: Time,
  seen: Type.Integer(),
  row: Type.Integer(),
  field: Type.String(),
  reason: Type.String(),
  expected: Type.String(),
  payload: Type.Unknown(),
  replayedAt: Nullable(Time),
})
export type Reject = Static<typeof Reject>

export const Alert = Type.Object({
  id: Type.Integer(),
  rule: Type.Union([
    Type.Literal('ceiling-broken'),
    Type.Literal('feed-stale'),
    Type.Literal('district-down'),
    Type.Literal('uplink-lost'),
    Type.Literal('incident'),
  ]),
  subject: Type.String(),
  severity: Type.Union([Type.Literal('critical'), Type.Literal('warning'), Type.Literal('info')]),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  openedAt: Time,
})
export type Alert = Static<typeof Alert>

export const Role = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('operator'),
  /** enters prices in the markets, and nothing else */
  Type.Literal('surveyor'),
  Type.Literal('market-officer'),
  Type.Literal('leader'),
  Type.Literal('admin'),
])
export type Role = Static<typeof Role>

/** Who looks: an account, a wall's device link, or a guest where the city lets guests look. */
export const Viewer = Type.Object({
  kind: Type.Union([Type.Literal('account'), Type.Literal('device'), Type.Literal('guest')]),
  name: Type.String(),
  role: Role,
  /** null but for accounts; what a phone keeps is kept by it, since names may be shared */
  accountId: Nullable(Type.Integer()),
})
export type Viewer = Static<typeof Viewer>

export const CityInfo = Type.Object({
  code: Type.String(),
  name: Type.String(),
  timezone: Type.String(),
  bounds: Type.Array(Type.Array(Type.Number())),
  center: Type.Array(Type.Number()),
  zoom: Type.Number(),
  /** true while anything on the screens comes from the demo's stand-in feeds */
  demo: Type.Boolean(),
  /** an operator's own tiles; null: the city's own lines are drawn */
  tiles: Nullable(
    Type.Object({
      /** with {z}, {x} and {y} */
      url: Type.String(),
      kind: Type.Union([Type.Literal('raster'), Type.Literal('vector')]),
      /** past it tiles are drawn larger; null: not known */
      maxZoom: Nullable(Type.Integer()),
      /** whom the map has to name, as HTML */
      attribution: Type.String(),
    }),
  ),
  version: Type.String(),
  districts: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
})
export type CityInfo = Static<typeof CityInfo>

/** A number of leadership's page with the period before it and how complete it is. */
export const Figure = Type.Object({
  value: Nullable(Type.Number()),
  before: Nullable(Type.Number()),
  /** share of what could be known that is known, 0..1 */
  completeness: Type.Number(),
})
export type Figure = Static<typeof Figure>

export const Summary = Type.Object({
  at: Time,
  demo: Type.Boolean(),
  cameras: Type.Object({
    total: Type.Integer(),
    states: Type.Record(Type.String(), Type.Integer()),
    working: Figure,
    availability7d: Figure,
    availability30d: Figure,
    /** one value a day of the last 30, oldest first, 0..1 */
    trend: Type.Array(Type.Object({ day: Day, value: Nullable(Type.Number()) })),
    districts: Type.Array(
      Type.Object({
        code: Type.String(),
        name: Type.String(),
        total: Type.Integer(),
        up: Type.Integer(),
        availability: Figure,
      }),
    ),
    longestOutage: Nullable(
      Type.Object({
        cameraId: Type.Integer(),
        name: Type.String(),
        startedAt: Time,
        endedAt: Nullable(Time),
        seconds: Type.Integer(),
      }),
    ),
  }),
  prices: Type.Object({
    day: Nullable(Day),
    /** cost of the basket: sum of city median x weight over the staples known on both days, rupiah */
    basket: Type.Object({ yesterday: Figure, lastWeek: Figure, lastMonth: Figure, staples: Type.Integer() }),
    aboveCeiling: Type.Array(
      Type.Object({ commodity: Commodity, median: Type.Integer(), ceiling: Ceiling, excess: Type.Number() }),
    ),
    aboveCeilingBefore: Nullable(Type.Integer()),
    movers: Type.Array(
      Type.Object({
        commodity: Commodity,
        median: Type.Integer(),
        before: Type.Integer(),
        change: Type.Number(),
      }),
    ),
    /** markets that reported on the newest day there is: the day above, or the one that has only begun */
    markets: Figure,
    marketsDay: Nullable(Day),
    marketsTotal: Type.Integer(),
  }),
})
export type Summary = Static<typeof Summary>
