/**
 * What all that server and web agree on is made of. One schema a thing; its type is derived from it.
 * Times are ISO 8601 in UTC, days are YYYY-MM-DD of the city's calendar, prices are rupiah per canonical unit.
 */
import { Type } from 'typebox'

export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
/** An object in which nothing else may stand. */
export const closed = { additionalProperties: false }

export const Time = Type.String({ description: 'ISO 8601 in UTC' })
export const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: "a day of the city's calendar",
})

/** One line of text for a screen: no control characters. */
export const Line = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })

/** Several lines that a person wrote. */
export const Note = Type.String({ maxLength: 1_000, pattern: '^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$' })
export const Reason = Type.String({
  minLength: 3,
  maxLength: 1_000,
  // not blanks alone
  pattern: '^(?=\\s*\\S)[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$',
})
