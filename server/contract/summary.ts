/** The page of leadership. */
import { Type, type Static } from 'typebox'
import { Day, Nullable, Time } from './basic.ts'
import { Ceiling, Commodity } from './price.ts'

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
