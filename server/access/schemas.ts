import { Type } from 'typebox'
import { Nullable, Time } from '#contract/basic.ts'
import { Role, Viewer } from '#contract/viewer.ts'
import { PASSWORD_MAX } from './password.ts'

export const NumberInPath = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })
export const Nothing = Type.Null({ description: 'no content' })
export const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
/** What is typed at sign-in is only bounded: how a password must be is said where one is chosen. */
export const TypedPassword = Type.String({ minLength: 1, maxLength: PASSWORD_MAX })
export const Username = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$' })
/** PostgreSQL's text takes no zero character, and a name on a screen no other control character. */
export const Name = Type.String({
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f]*[^\\s\\u0000-\\u001f][^\\u0000-\\u001f]*$',
})
export const TypedUsername = Type.String({ maxLength: 64, pattern: '^[^\\u0000-\\u001f]+$' })
export const FeedId = Type.String({ maxLength: 100, pattern: '^[^\\u0000-\\u001f]+$' })

export const SignedInAs = Type.Object({ viewer: Viewer })
export const AccountInfo = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  name: Type.String(),
  role: Role,
  createdAt: Time,
  disabledAt: Nullable(Time),
})
export const DeviceInfo = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  createdAt: Time,
  lastSeenAt: Nullable(Time),
  revokedAt: Nullable(Time),
})
export const FeedKeyInfo = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  /** its last four characters */
  hint: Type.String(),
  createdAt: Time,
  revokedAt: Nullable(Time),
})

export const iso = (time: Date): string => time.toISOString()
export const isoOrNull = (time: Date | null): string | null => time?.toISOString() ?? null
