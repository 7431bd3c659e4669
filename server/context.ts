import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Pool } from 'pg'
import type { CityPack } from './cities/pack.ts'
import type { Config } from './config.ts'
import type { Bus } from './live/bus.ts'

/** What every domain's routes and jobs are given; nothing reaches for a global. */
export interface Context {
  config: Config
  pool: Pool
  /** injected, so that tests choose the time */
  clock: () => Date
  pack: CityPack
  /** where a domain tells the live side what changed */
  bus: Bus
  log: FastifyBaseLogger
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
