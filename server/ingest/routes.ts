import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { FeedInfo, FeedRun, Reject } from '#contract/feed.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { defineFeed, findFeed, listFeeds, listRuns, setFeedEnabled } from './feeds-store.ts'
import { listRejects } from './rejects-store.ts'
import type { Replayed } from './replay.ts'

/** PostgreSQL's text takes no zero character, and a title on a screen no other control character. */
const PLAIN = '^[^\\u0000-\\u001f]+$'
const FeedId = Type.String({ maxLength: 100, pattern: PLAIN })
const FeedTitle = Type.String({ maxLength: 200, pattern: PLAIN })
const Id = Type.Object({ id: FeedId })
/** What a JavaScript number holds exactly, and PostgreSQL's bigint too. */
const RowId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

export function feedRoutes(
  app: App,
  { pool, clock, bus }: Context,
  replay: (feedId: string, ids: number[] | undefined) => Promise<Replayed>,
): void {
  const existing = async (id: string) => {
    const feed = await findFeed(pool, id)
    if (feed === undefined) throw new AppError('not-found', `No feed has the id ${id}.`)
    return feed
  }

  const tellOf = async (id: string) =>
    bus.tell(
      'feeds:changed',
      (await listFeeds(pool, clock())).filter((feed) => feed.id === id),
    )

  app.get(
    '/api/feeds',
    {
      schema: {
        tags: ['feeds'],
        summary: 'List feeds with state and age',
        response: { 200: Type.Object({ feeds: Type.Array(FeedInfo) }) },
      },
    },
    async () => ({ feeds: await listFeeds(pool, clock()) }),
  )

  app.post(
    '/api/feeds',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['feeds'],
        summary: 'Create a feed that is pushed to',
        body: Type.Object(
          {
            id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,60}$' }),
            domain: Type.Union([Type.Literal('cameras'), Type.Literal('prices')]),
            title: FeedTitle,
            holdSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 604_800 })),
          },
          closed,
        ),
        response: { 201: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { id, domain, title, holdSeconds } = request.body
      if ((await findFeed(pool, id)) !== undefined)
        throw new AppError('conflict', `A feed with the id ${id} exists already.`)
      const stale = holdSeconds ?? (domain === 'cameras' ? 180 : 26 * 3600)
      await defineFeed(pool, {
        id,
        domain,
        title,
        mode: 'push',
        kind: 'push',
        holdSeconds: stale,
        staleSeconds: stale,
      })
      await tellOf(id)
      return reply.code(201).send({ id })
    },
  )

  app.patch(
    '/api/feeds/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['feeds'],
        summary: 'Switch a pushed feed on or off',
        params: Id,
        body: Type.Object({ enabled: Type.Boolean() }, closed),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await setFeedEnabled(pool, id, request.body.enabled)))
        throw new AppError(
          'not-found',
          `No feed that is pushed to has the id ${id}; a pulled one is switched in FEEDS_FILE.`,
        )
      await tellOf(id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/feeds/:id/runs',
    {
      schema: {
        tags: ['feeds'],
        summary: "List a feed's last runs",
        params: Id,
        querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }) }, closed),
        response: { 200: Type.Object({ runs: Type.Array(FeedRun) }) },
      },
    },
    async (request) => {
      await existing(request.params.id)
      return { runs: await listRuns(pool, request.params.id, request.query.limit) }
    },
  )

  app.get(
    '/api/feeds/:id/rejects',
    {
      schema: {
        tags: ['feeds'],
        summary: 'List refused rows with field and reason',
        params: Id,
        querystring: Type.Object(
          {
            before: Type.Optional(RowId),
            limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
          },
          closed,
        ),
        response: { 200: Type.Object({ rejects: Type.Array(Reject) }) },
      },
    },
    async (request) => {
      const feed = await existing(request.params.id)
      const rejects = await listRejects(pool, request.params.id, request.query)
      // What a source really sent may name addresses that are nobody's business but the staff's.
      const full = feed.demo || (request.viewer !== null && request.viewer.role !== 'viewer')
      return { rejects: full ? rejects : rejects.map((reject) => ({ ...reject, payload: null })) }
    },
  )

  app.post(
    '/api/feeds/:id/rejects/replay',
    {
      config: { access: ['operator', 'admin'] },
      schema: {
        tags: ['feeds'],
        summary: 'Read refused rows again',
        params: Id,
        body: Type.Object({ ids: Type.Optional(Type.Array(RowId, { maxItems: 5_000 })) }, closed),
        response: {
          200: Type.Object({
            replayed: Type.Integer(),
            accepted: Type.Integer(),
            rejected: Type.Integer(),
            /** those that still do not fit, and why now */
            rejects: Type.Array(Type.Pick(Reject, ['id', 'field', 'reason', 'expected'])),
          }),
        },
      },
    },
    async (request) => replay(request.params.id, request.body.ids),
  )
}
