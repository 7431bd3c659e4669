/** Outages, their causes, and failures that took several cameras with them. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from './basic.ts'
import { Fault, Layer } from './camera.ts'

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
