/** Who looks, and what they may. */
import { Type, type Static } from 'typebox'
import { Nullable } from './basic.ts'

export const Role = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('operator'),
  /** enters prices in the markets, and nothing else */
  Type.Literal('surveyor'),
  Type.Literal('market-officer'),
  Type.Literal('leader'),
  Type.Literal('admin'),
])
export type Role = Static<typeof Role>

/** Who looks: an account, a wall's device link, or a guest where the city lets guests look. */
export const Viewer = Type.Object({
  kind: Type.Union([Type.Literal('account'), Type.Literal('device'), Type.Literal('guest')]),
  name: Type.String(),
  role: Role,
  /** null but for accounts; what a phone keeps is kept by it, since names may be shared */
  accountId: Nullable(Type.Integer()),
})
export type Viewer = Static<typeof Viewer>
