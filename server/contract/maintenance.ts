/** Planned work. */
import { Type, type Static } from 'typebox'
import { closed, Day, Line, Nullable, Time } from './basic.ts'

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
