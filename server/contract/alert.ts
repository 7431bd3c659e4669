/** What wants a person now. */
import { Type, type Static } from 'typebox'
import { Time } from './basic.ts'

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
