/** What is owed, and what was kept of it. */
import { Type, type Static } from 'typebox'
import { closed, Nullable, Time } from './basic.ts'

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
