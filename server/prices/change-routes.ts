import { Type } from 'typebox'
import { closed, Reason } from '#contract/basic.ts'
import { Correction, Month, PriceLock, PriceRevisions, PriceSettings, PriceSource } from '#contract/prices.ts'
import { actorOf } from '../access/viewer.ts'
import type { App, Context } from '../context.ts'
import { withTransaction } from '../database/pool.ts'
import { existing } from './asked-days.ts'
import { dayOf } from './days.ts'
import { lockMonth, readLocks, unlockMonth } from './locks.ts'
import { correctPrice, readRevisions } from './revisions.ts'
import { readPriceSettings, writePriceSettings } from './settings.ts'
import { orderSources, readSources } from './sources.ts'

const Locks = Type.Object({ locks: Type.Array(PriceLock) })
const Sources = Type.Object({ sources: Type.Array(PriceSource) })

/** What people change of prices: corrections, closed months, settings, which source counts. */
export function priceChangeRoutes(app: App, { pool, pack, clock, bus }: Context): void {
  app.post(
    '/api/prices/corrections',
    {
      config: { access: ['market-officer', 'admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Correct or withdraw a price, with a reason',
        body: Correction,
        response: { 200: PriceRevisions },
      },
    },
    async ({ body, viewer }) => {
      existing(body.day)
      const { quotes, city } = await correctPrice(pool, body, actorOf(viewer), clock())
      bus.tell('prices:changed', { latestDay: body.day, city, quotes })
      return readRevisions(pool, pack, body, { names: true })
    },
  )

  app.get(
    '/api/prices/locks',
    {
      config: { access: ['market-officer', 'leader', 'admin'] },
      schema: { tags: ['prices'], summary: 'List closed months', response: { 200: Locks } },
    },
    async () => ({ locks: await readLocks(pool) }),
  )
  app.post(
    '/api/prices/locks',
    {
      config: { access: ['market-officer', 'admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Close a month',
        body: Type.Object({ month: Month, reason: Reason }, closed),
        response: { 200: Locks },
      },
    },
    async ({ body, viewer }) => {
      const now = clock()
      await lockMonth(pool, body, actorOf(viewer), { now, today: dayOf(now, pack.city.timezone) })
      return { locks: await readLocks(pool) }
    },
  )
  app.post(
    '/api/prices/locks/:id/unlock',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Open a closed month again',
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
        body: Type.Object({ reason: Reason }, closed),
        response: { 200: Locks },
      },
    },
    async ({ params: { id }, body: { reason }, viewer }) => {
      await unlockMonth(pool, id, actorOf(viewer), { reason, now: clock() })
      return { locks: await readLocks(pool) }
    },
  )

  app.get(
    '/api/settings/prices',
    {
      schema: { tags: ['prices'], summary: 'Read the settings of prices', response: { 200: PriceSettings } },
    },
    async () => readPriceSettings(pool),
  )
  app.put(
    '/api/settings/prices',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Change the settings of prices',
        body: PriceSettings,
        response: { 200: PriceSettings },
      },
    },
    async ({ body, viewer }) => {
      await withTransaction(pool, (client) =>
        writePriceSettings(client, body, actorOf(viewer).actor, clock()),
      )
      return readPriceSettings(pool)
    },
  )

  app.put(
    '/api/prices/sources',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['prices'],
        summary: 'Say which source counts before which',
        body: Type.Object({ order: Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }) }, closed),
        response: { 200: Sources },
      },
    },
    async ({ body: { order }, viewer }) => {
      await orderSources(pool, order, actorOf(viewer).actor, clock())
      return { sources: await readSources(pool) }
    },
  )
}
