import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import { Code } from '#contract/prices.ts'
import { CHECKS, Flag, FlagOutcome, FlagReport } from '#contract/quality.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { range, RangeQuery } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { listFlags, reportFlags, settleFlag } from './flags-store.ts'

const USUAL_DAYS = 30
const Filter = Type.Object(
  {
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    open: Type.Optional(Type.Boolean()),
    market: Type.Optional(Code),
    commodity: Type.Optional(Code),
    check: Type.Optional(Type.Union(CHECKS.map((check) => Type.Literal(check)))),
  },
  closed,
)
const access = ['market-officer' as const, 'leader' as const, 'admin' as const]

/** What looked unlikely, and what was found about it. */
export function qualityRoutes(app: App, { pool, pack, clock }: Context): void {
  const usual = () => ({ to: dayOf(clock(), pack.city.timezone), days: USUAL_DAYS })

  app.get(
    '/api/prices/flags',
    {
      config: { access },
      schema: {
        tags: ['prices'],
        summary: 'List prices that look unlikely',
        querystring: Filter,
        response: { 200: Type.Object({ flags: Type.Array(Flag) }) },
      },
    },
    async ({ query }) => ({ flags: await listFlags(pool, pack, { ...query, ...range(query, usual()) }) }),
  )
  app.get(
    '/api/prices/flags/report',
    {
      config: { access },
      schema: {
        tags: ['prices'],
        summary: 'Count how often each check was right',
        querystring: RangeQuery,
        response: { 200: FlagReport },
      },
    },
    async ({ query }) => {
      const { from, to } = range(query, { ...usual(), days: 365 })
      return { from, to, checks: await reportFlags(pool, from, to) }
    },
  )
  app.post(
    '/api/prices/flags/:id/outcome',
    {
      config: { access: ['market-officer', 'admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Say whether an unlikely price was wrong, true, or nothing unusual',
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        body: FlagOutcome,
        response: { 200: Flag },
      },
    },
    async ({ params: { id }, body, viewer }) => {
      const flag = await withTransaction(pool, (client) =>
        settleFlag(client, pack, id, { ...body, viewer: actorOf(viewer), now: clock() }),
      )
      if (flag === undefined) throw new AppError('not-found', 'No finding has that id.')
      return flag
    },
  )
}
