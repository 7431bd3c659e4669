import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import { PublicPrices } from '#contract/prices.ts'
import { ShortCache } from '../../access/index.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { existing } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { readPriceSettings } from '../settings.ts'
import { readPublic } from './read.ts'

const KEPT_MS = 15_000
const Query = Type.Object(
  {
    /** each is a setting of its own */
    screen: Type.Union([Type.Literal('public'), Type.Literal('tv')], { default: 'public' }),
    market: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    day: Type.Optional(Day),
  },
  closed,
)
interface Answer {
  tag: string
  prices: PublicPrices
}

/** Prices without sign-in, for the public page and for screens in markets; nothing where the city has it switched off. */
export function publicPriceRoutes(app: App, { pool, pack, clock }: Context): void {
  // A whole city may look at the newest day at once: it is read once in a while, whoever asks.
  const settings = new ShortCache<{ public: boolean; tv: boolean }>(KEPT_MS, clock)
  const newest = new ShortCache<Answer>(KEPT_MS, clock)

  const read = async (market: string | undefined, wanted: string | undefined): Promise<Answer | null> => {
    const prices = await readPublic(pool, pack, {
      market,
      wanted,
      today: dayOf(clock(), pack.city.timezone),
    })
    if (prices === undefined) return null
    const hash = createHash('sha256').update(JSON.stringify(prices)).digest('base64url')
    return { tag: `"${hash.slice(0, 22)}"`, prices }
  }

  app.get(
    '/api/public/prices',
    {
      config: { access: 'public' },
      schema: {
        tags: ['public'],
        summary: 'Read the published prices of a day without signing in',
        description:
          'Not found unless the city has switched the page on. Asked for anew once a minute at most.',
        querystring: Query,
        response: { 200: PublicPrices, 304: Type.Null() },
      },
    },
    async ({ query: { screen, market, day }, headers }, reply) => {
      const on = await settings.get('', async () => {
        const { publicPage, tvPage } = await readPriceSettings(pool)
        return { public: publicPage, tv: tvPage }
      })
      if (on?.[screen] !== true) throw new AppError('not-found', 'This city does not show its prices here.')
      const wanted = existing(day)
      const answer =
        wanted === undefined
          ? await newest.get(market ?? '', () => read(market, undefined))
          : await read(market, wanted)
      if (answer === null)
        throw new AppError('not-found', `No market has the code ${market ?? ''}.`, { market })
      void reply.header('etag', answer.tag).header('cache-control', 'public, max-age=60')
      if (headers['if-none-match'] === answer.tag) return reply.code(304).send(null)
      return answer.prices
    },
  )
}
