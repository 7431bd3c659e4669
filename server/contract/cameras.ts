/**
 * What server and web agree on about cameras beyond their current state: what is probed and how, what hangs on what,
 * outages and their causes, planned work, availability.
 */
import { Type, type Static } from 'typebox'
import { CameraState, Camera, Day, Fault, Layer, StateSpan, Time } from './model.ts'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
const closed = { additionalProperties: false }
/** One line of text for a screen: no control characters. */
export const Line = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Address = Type.String({ minLength: 1, maxLength: 2_000, pattern: '^[^\\u0000-\\u0020\\u007f]+$' })

// What is probed ---------------------------------------------------------------------------------

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

/** What is owed: availability over a month, and the hours in which it counts. */
export const Contract = Type.Object(
  {
    /** share of service time, 0..1 */
    target: Type.Number({ minimum: 0, maximum: 1 }),
    /** service hours of the city's clock; null: all day, every day */
    hours: Nullable(
      Type.Object(
        {
          /** minutes after midnight; `to` may be 1440 */
          from: Type.Integer({ minimum: 0, maximum: 1_439 }),
          to: Type.Integer({ minimum: 1, maximum: 1_440 }),
          /** 1 Monday .. 7 Sunday */
          weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type Contract = Static<typeof Contract>
export const DEFAULT_CONTRACT: Contract = { target: 0.99, hours: null }

// Cameras in full --------------------------------------------------------------------------------

/** A row of the table of cameras: what changes slowly; the state comes live. */
export const CameraRow = Type.Object({
  id: Type.Integer(),
  availability24h: Nullable(Type.Number()),
  availability30d: Nullable(Type.Number()),
  /** of the last checks, ms, oldest first; null where the check failed */
  latencies: Type.Array(Nullable(Type.Number())),
  /** the probe's rhythm in force; null where nothing of it can be probed */
  intervalSeconds: Nullable(Type.Integer()),
  /** has a snapshot, HLS, RTSP or WHEP to look at */
  watchable: Type.Boolean(),
})
export type CameraRow = Static<typeof CameraRow>

/** What an administrator or operator may set of a camera. */
export const CameraEdit = Type.Object(
  {
    name: Line,
    address: Nullable(Line),
    latitude: Nullable(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Nullable(Type.Number({ minimum: -180, maximum: 180 })),
    owner: Nullable(Line),
    vendor: Nullable(Line),
    group: Nullable(Line),
    parentId: Nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    enabled: Type.Boolean(),
    targets: Targets,
    settings: PartialSettings,
  },
  closed,
)
export type CameraEdit = Static<typeof CameraEdit>

/** All that is set of a camera. Targets name inside addresses: only who may set them sees them. */
export const CameraConfig = Type.Object({
  ...CameraEdit.properties,
  id: Type.Integer(),
  streamId: Type.String(),
  /** a user name and password are kept for it; they are never shown */
  hasSecret: Type.Boolean(),
  /** columns that a source's list does not change any more */
  pinned: Type.Array(Type.String()),
  effective: ProbeSettings,
})
export type CameraConfig = Static<typeof CameraConfig>

export const CameraChange = Type.Object({
  id: Type.Integer(),
  at: Time,
  actor: Type.String(),
  action: Type.String(),
  before: Type.Record(Type.String(), Type.Unknown()),
  after: Type.Record(Type.String(), Type.Unknown()),
})
export type CameraChange = Static<typeof CameraChange>

export const SavedView = Type.Object({ id: Type.Integer(), name: Type.String(), query: Type.String() })
export type SavedView = Static<typeof SavedView>

/** What an import would do with a row of the file. */
export const ImportRow = Type.Object({
  /** its line in the file, the header is 1 */
  row: Type.Integer(),
  streamId: Type.String(),
  name: Type.String(),
  action: Type.Union([
    Type.Literal('create'),
    Type.Literal('change'),
    Type.Literal('unchanged'),
    Type.Literal('refuse'),
  ]),
  /** what would change, by column: from what to what */
  changes: Type.Array(Type.Object({ column: Type.String(), from: Type.String(), to: Type.String() })),
  /** why it is refused */
  faults: Type.Array(Type.Object({ column: Type.String(), expected: Type.String() })),
})
export type ImportRow = Static<typeof ImportRow>
export const ImportResult = Type.Object({
  applied: Type.Boolean(),
  counts: Type.Object({
    create: Type.Integer(),
    change: Type.Integer(),
    unchanged: Type.Integer(),
    refuse: Type.Integer(),
  }),
  /** columns of the file that mean nothing here */
  unknownColumns: Type.Array(Type.String()),
  rows: Type.Array(ImportRow),
})
export type ImportResult = Static<typeof ImportResult>

// Topology ---------------------------------------------------------------------------------------

export const NODE_KINDS = ['nvr', 'switch', 'pole', 'link', 'power', 'other'] as const
export const NodeKind = Type.Unsafe<NodeKind>(Type.Union(NODE_KINDS.map((kind) => Type.Literal(kind))))
export type NodeKind = (typeof NODE_KINDS)[number]

export const NodeEdit = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' }),
    name: Line,
    kind: NodeKind,
    parentId: Nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    latitude: Nullable(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Nullable(Type.Number({ minimum: -180, maximum: 180 })),
    targets: Type.Pick(Targets, ['ping', 'tcp', 'http'], closed),
  },
  closed,
)
export type NodeEdit = Static<typeof NodeEdit>

export const TopologyNode = Type.Object({
  id: Type.Integer(),
  code: Type.String(),
  name: Type.String(),
  kind: NodeKind,
  parentId: Nullable(Type.Integer()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  /** null for who may not see inside addresses */
  targets: Nullable(Type.Pick(Targets, ['ping', 'tcp', 'http'])),
  state: CameraState,
  since: Nullable(Time),
  /** how many cameras hang on it, all levels down */
  cameras: Type.Integer(),
})
export type TopologyNode = Static<typeof TopologyNode>

// Outages ----------------------------------------------------------------------------------------

export const FOUND_CAUSES = [
  'power',
  'network',
  'camera',
  'stream',
  'vandalism',
  'weather',
  'works',
  'other',
] as const
export const FoundCause = Type.Unsafe<FoundCause>(
  Type.Union(FOUND_CAUSES.map((cause) => Type.Literal(cause))),
)
export type FoundCause = (typeof FOUND_CAUSES)[number]

export const OutageNote = Type.Object({
  id: Type.Integer(),
  at: Time,
  actor: Type.String(),
  kind: Type.Union([
    Type.Literal('note'),
    Type.Literal('take'),
    Type.Literal('release'),
    Type.Literal('cause'),
  ]),
  text: Type.String(),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
})
export type OutageNote = Static<typeof OutageNote>

export const OutageDetail = Type.Object({
  id: Type.Integer(),
  cameraId: Type.Integer(),
  /** the first failed check */
  startedAt: Time,
  /** the first good one; null while it lasts */
  endedAt: Nullable(Time),
  /** the source's words, where it was reported */
  cause: Nullable(Type.String()),
  layer: Nullable(Layer),
  fault: Nullable(Fault),
  detail: Nullable(Type.String()),
  planned: Type.Boolean(),
  incidentId: Nullable(Type.Integer()),
  takenBy: Nullable(Type.String()),
  takenAt: Nullable(Time),
  foundCause: Nullable(FoundCause),
  /** ids of evidence pictures: GET /api/cameras/:id/pictures/:picture */
  goodPicture: Nullable(Type.Integer()),
  badPicture: Nullable(Type.Integer()),
  notes: Type.Array(OutageNote),
})
export type OutageDetail = Static<typeof OutageDetail>

/** One failure that took several cameras with it. */
export const Incident = Type.Object({
  id: Type.Integer(),
  /** node: known by the topology; site, subnet: began together, so likely one cause */
  kind: Type.Union([Type.Literal('node'), Type.Literal('site'), Type.Literal('subnet')]),
  subject: Type.String(),
  /** how people call it */
  name: Type.String(),
  nodeId: Nullable(Type.Integer()),
  startedAt: Time,
  endedAt: Nullable(Time),
  cameras: Type.Array(Type.Integer()),
  fault: Nullable(Fault),
  takenBy: Nullable(Type.String()),
})
export type Incident = Static<typeof Incident>

// Planned work -----------------------------------------------------------------------------------

export const MaintenanceEdit = Type.Object(
  {
    title: Line,
    scope: Type.Union([
      Type.Literal('camera'),
      Type.Literal('group'),
      Type.Literal('district'),
      Type.Literal('node'),
    ]),
    /** a camera's id, a group's name, a district's code, a node's id; several cameras: their ids with commas */
    subject: Type.String({ minLength: 1, maxLength: 40_000 }),
    startsAt: Time,
    endsAt: Time,
    /** null: once; else it recurs on these days of the week, 1 Monday .. 7 Sunday */
    weekdays: Nullable(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 })),
    repeatUntil: Nullable(Day),
  },
  closed,
)
export type MaintenanceEdit = Static<typeof MaintenanceEdit>
export const Maintenance = Type.Object({
  ...MaintenanceEdit.properties,
  id: Type.Integer(),
  /** '' for guests */
  createdBy: Type.String(),
  cancelledAt: Nullable(Time),
  active: Type.Boolean(),
  /** when it begins next; null where it never does again */
  nextAt: Nullable(Time),
})
export type Maintenance = Static<typeof Maintenance>

// Availability -----------------------------------------------------------------------------------

/** All times in whole seconds, within service hours. */
export const AvailabilityRow = Type.Object({
  /** camera id, or the site, district, owner, vendor, group */
  key: Type.String(),
  name: Type.String(),
  cameras: Type.Integer(),
  /** up / (up + down); null where neither was seen */
  availability: Nullable(Type.Number()),
  upSeconds: Type.Integer(),
  downSeconds: Type.Integer(),
  unknownSeconds: Type.Integer(),
  unreachableSeconds: Type.Integer(),
  plannedSeconds: Type.Integer(),
  outages: Type.Integer(),
  /** mean time to repair: seconds of the outages that ended / how many did */
  mttrSeconds: Nullable(Type.Integer()),
  /** mean time between failures: seconds up / outages */
  mtbfSeconds: Nullable(Type.Integer()),
  longestSeconds: Nullable(Type.Integer()),
  /** how much longer it may be down in this period until the target is missed; negative: missed by */
  leftSeconds: Type.Integer(),
  metTarget: Nullable(Type.Boolean()),
})
export type AvailabilityRow = Static<typeof AvailabilityRow>
export const AVAILABILITY_BY = ['camera', 'site', 'district', 'owner', 'vendor', 'group'] as const
export const AvailabilityReport = Type.Object({
  from: Time,
  to: Time,
  by: Type.Unsafe<(typeof AVAILABILITY_BY)[number]>(
    Type.Union(AVAILABILITY_BY.map((by) => Type.Literal(by))),
  ),
  contract: Contract,
  demo: Type.Boolean(),
  total: AvailabilityRow,
  rows: Type.Array(AvailabilityRow),
})
export type AvailabilityReport = Static<typeof AvailabilityReport>

/** Share of each hour that each camera was down; null where nothing was known. */
export const OutageHeat = Type.Object({
  /** starts of the hours */
  hours: Type.Array(Time),
  rows: Type.Array(
    Type.Object({
      cameraId: Type.Integer(),
      down: Type.Array(Nullable(Type.Number())),
    }),
  ),
})
export type OutageHeat = Static<typeof OutageHeat>

// A camera's page --------------------------------------------------------------------------------

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
