import type { Summary } from '#contract/summary.ts'
import { Summary as SummarySchema } from '#contract/summary.ts'
import { ShortCache } from '../access/index.ts'
import type { App, Context } from '../context.ts'
import { cameraPart } from './cameras.ts'
import { pricePart } from './prices.ts'

/** Shorter than a page waits after a change before it asks again, so that nobody sees what was before it. */
const KEPT_MS = 1_000

export function summaryRoutes(app: App, context: Context): void {
  // However many screens show it, it is worked out once a second.
  const kept = new ShortCache<Summary>(KEPT_MS, context.clock)
  app.get(
    '/api/summary',
    {
      schema: {
        tags: ['summary'],
        summary: "Read leadership's page of numbers",
        response: { 200: SummarySchema },
      },
    },
    async () => (await kept.get('summary', () => readSummary(context))) ?? readSummary(context),
  )
}

/** Leadership's page: each number with the period before it and how complete it is. */
export async function readSummary(context: Pick<Context, 'pool' | 'pack' | 'clock'>): Promise<Summary> {
  const { pool, pack } = context
  const now = context.clock()
  const [cameras, prices] = await Promise.all([cameraPart(pool, pack, now), pricePart(pool, pack)])
  return {
    at: now.toISOString(),
    demo: cameras.demo || prices.demo,
    cameras: cameras.part,
    prices: prices.part,
  }
}
