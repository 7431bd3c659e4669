/** What hangs on what. */
import { Type, type Static } from 'typebox'
import { closed, Line, Nullable, Time } from './basic.ts'
import { CameraState } from './camera.ts'
import { Targets } from './probing.ts'

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
