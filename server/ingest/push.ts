import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IngestAnswer, PushedPrice, PushedStatus } from '#contract/ingest.ts'
import { ShortCache } from '../access/index.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { compileValidator } from '../validation.ts'
import type { CameraIds } from './camera-ids.ts'
import { findFeed, type Counts, type FeedRecord } from './feeds-store.ts'
import type { NewReject } from './rejects-store.ts'
import { add, type Intake, type Parcel } from './intake.ts'
import { lineBatches } from './ndjson.ts'
import { priceReader, readRows, statusReader, type RowReader } from './rows.ts'
import type { PriceNames } from './validate.ts'

const STREAM_BATCH = 1_000
/** so soon a feed that was changed or switched off is noticed */
const FEED_CACHE_MS = 5_000
const ANSWERED_REJECTS = 1_000
const NONE: Counts = { received: 0, accepted: 0, unchanged: 0, duplicate: 0, notReported: 0, rejected: 0 }

export interface PushDeps {
  intake: Intake
  ids: CameraIds
  names: PriceNames
  /** which feed a key opens; null where it opens none */
  feedOfKey(authorization: string | undefined): Promise<{ feedId: string } | null>
}

export function pushRoutes(app: App, context: Context, deps: PushDeps): void {
  const { config, pool, clock, pack } = context
  const feeds = new ShortCache<FeedRecord>(FEED_CACHE_MS, clock)

  /** The feed that the key opens: asked before every batch, so that a key ends with its revocation. */
  const opened = async (
    authorization: string | undefined,
    domain: FeedRecord['domain'],
  ): Promise<FeedRecord> => {
    const key = await deps.feedOfKey(authorization)
    if (key === null)
      throw new AppError('not-signed-in', 'A feed key is needed: send "Authorization: Bearer pk_...".')
    const feed = await feeds.get(key.feedId, async () => (await findFeed(pool, key.feedId)) ?? null)
    if (feed?.domain !== domain)
      throw new AppError(
        'forbidden',
        `This key belongs to the feed ${key.feedId}, which does not take ${domain}.`,
      )
    if (!feed.enabled) throw new AppError('forbidden', `The feed ${feed.id} is switched off.`)
    return feed
  }

  /** Before a byte of the body is read: who has no key must not fill the memory with one. */
  const entrance = (domain: FeedRecord['domain']) => async (request: FastifyRequest) =>
    void (await opened(request.headers.authorization, domain))

  /** Stores a request's payloads batch by batch, each acknowledged by its commit. */
  const take = async <Row>(
    open: () => Promise<FeedRecord>,
    body: unknown,
    reader: (feed: FeedRecord, now: Date) => Promise<RowReader<Row>>,
    parcel: (rows: Row[]) => Pick<Parcel, 'observations' | 'quotes'>,
  ) => {
    let counts = NONE
    const rejects: NewReject[] = []
    for await (const payloads of batchesOf(body)) {
      const startedAt = clock()
      const feed = await open()
      const read = await reader(feed, startedAt)
      const sorted = readRows(payloads, read, counts.received + 1)
      rejects.push(...sorted.rejects.slice(0, ANSWERED_REJECTS - rejects.length))
      const stored = await deps.intake.store({
        feed,
        ...parcel(sorted.rows),
        rejects: sorted.rejects,
        notReported: 0,
        received: payloads.length,
        startedAt,
        push: true,
        recordsRun: true,
      })
      counts = add(counts, stored)
    }
    return {
      received: counts.received,
      accepted: counts.accepted,
      unchanged: counts.unchanged,
      duplicate: counts.duplicate,
      rejected: counts.rejected,
      rejects: rejects.map(({ row, field, reason, expected }) => ({ row, field, reason, expected })),
    }
  }

  const batchesOf = (body: unknown): AsyncIterable<unknown[]> | Iterable<unknown[]> => {
    if (Array.isArray(body)) {
      if (body.length > config.ingestMaxRows) throw tooManyRows(config.ingestMaxRows)
      return chunks(body, STREAM_BATCH)
    }
    if (isStream(body))
      return lineBatches(body, {
        batch: STREAM_BATCH,
        maxRows: config.ingestMaxRows,
        maxBytes: config.ingestMaxBytes,
      })
    throw new AppError(
      'bad-input',
      'Expected a JSON array of rows, or NDJSON with content-type application/x-ndjson.',
    )
  }

  void app.register(async (scope) => {
    // An NDJSON body is read as it comes, so that memory does not grow with its length.
    scope.addContentTypeParser(
      ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
      (_request, payload, done) => done(null, payload),
    )
    const schema = {
      tags: ['ingest'],
      consumes: ['application/json', 'application/x-ndjson'],
      security: [{ feedKey: [] }],
      description:
        'A JSON array of rows, or a row a line as NDJSON. Good rows of a batch with bad ones are kept.',
      response: { 200: IngestAnswer },
    }
    const options = {
      bodyLimit: config.ingestMaxBytes,
      config: { access: 'public' as const, rateLimit: false as const },
      validatorCompiler: rowByRow,
    }

    scope.post(
      '/api/ingest/camera-status',
      {
        ...options,
        onRequest: entrance('cameras'),
        logLevel: 'warn',
        schema: { ...schema, summary: 'Push camera states', body: Type.Array(PushedStatus) },
      },
      async (request) => {
        return take(
          () => opened(request.headers.authorization, 'cameras'),
          request.body,
          async (feed, now) => statusReader(feed, await deps.ids.get(), now),
          (observations) => ({ observations }),
        )
      },
    )
    scope.post(
      '/api/ingest/prices',
      {
        ...options,
        onRequest: entrance('prices'),
        logLevel: 'warn',
        schema: { ...schema, summary: 'Push prices', body: Type.Array(PushedPrice) },
      },
      async (request) => {
        return take(
          () => opened(request.headers.authorization, 'prices'),
          request.body,
          async (feed, now) => priceReader(feed, deps.names, pack, now),
          (quotes) => ({ quotes }),
        )
      },
    )
  })
}

/** The schema describes the body only: rows are judged one by one as they are read, so that one does not spoil the rest. */
const rowByRow: typeof compileValidator = (part) =>
  part.httpPart === 'body' ? (value: unknown) => ({ value }) : compileValidator(part)

export function tooManyRows(limit: number): AppError {
  return new AppError(
    'too-large',
    `At most ${limit} rows are taken in one request; nothing of it was stored.`,
    { limit },
  )
}
const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body
function* chunks<T>(rows: T[], size: number): Iterable<T[]> {
  if (rows.length <= size) return yield rows
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
