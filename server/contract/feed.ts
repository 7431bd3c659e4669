/** A feed is a source; a run is one reading of it; a reject is a row that could not be taken. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from './basic.ts'

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
