/** Cameras as the table lists them, as they are set, and as a file brings them. */
import { Type, type Static } from 'typebox'
import { closed, Line, Nullable, Time } from './basic.ts'
import { PartialSettings, ProbeSettings, Targets } from './probing.ts'

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
