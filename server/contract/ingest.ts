/** What pushed feeds send, and what they are told. */
import { Type, type Static } from 'typebox'
import { closed } from './basic.ts'
import { CameraState } from './camera.ts'

export const PushedStatus = Type.Object(
  {
    cameraId: Type.String({ minLength: 1, maxLength: 200, description: 'the stream_id of a camera' }),
    state: CameraState,
    at: Type.Optional(
      Type.String({ maxLength: 40, description: "the source's time, ISO 8601 with zone; left out: now" }),
    ),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
    latencyMs: Type.Optional(Type.Number({ minimum: 0, maximum: 3_600_000 })),
  },
  closed,
)
export type PushedStatus = Static<typeof PushedStatus>

export const PushedPrice = Type.Object(
  {
    market: Type.String({ minLength: 1, maxLength: 200, description: 'code or name of a market' }),
    commodity: Type.String({ minLength: 1, maxLength: 200, description: 'code or name of a commodity' }),
    day: Type.String({ maxLength: 10, description: 'YYYY-MM-DD' }),
    price: Type.Number({ description: 'rupiah per unit' }),
    unit: Type.Optional(
      Type.String({ maxLength: 40, description: "left out: the commodity's canonical unit" }),
    ),
    at: Type.Optional(Type.String({ maxLength: 40 })),
    status: Type.Optional(Type.Union([Type.Literal('reported'), Type.Literal('imputed')])),
  },
  closed,
)
export type PushedPrice = Static<typeof PushedPrice>

export const RejectedRow = Type.Object({
  row: Type.Integer({ description: 'place in the request, from 1' }),
  field: Type.String(),
  reason: Type.String(),
  expected: Type.String(),
})
export const IngestAnswer = Type.Object({
  received: Type.Integer(),
  accepted: Type.Integer(),
  unchanged: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
  /** the first 1,000; all of them are kept and listed at /api/feeds/:id/rejects */
  rejects: Type.Array(RejectedRow),
})
export type IngestAnswer = Static<typeof IngestAnswer>
