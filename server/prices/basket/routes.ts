import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { OfficialImport, OfficialSeries, PriceIndex } from '#contract/indicators.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { XLSX_TYPE } from '../../tables/table.ts'
import { AS_KNOWN, askedDay, KnownRangeQuery, range } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { shownDay } from '../queries.ts'
import { importOfficial, readOfficial } from './official.ts'
import { readPriceIndex } from './price-index.ts'

const MOST_INDEX_DAYS = 4_000
const MAX_BYTES = 2 * 1024 * 1024
const tags = ['prices']
const IndexQuery = Type.Object(
  {
    ...KnownRangeQuery.properties,
    /** before `to`, where `from` is left out */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_INDEX_DAYS })),
  },
  closed,
)

/** The basket's index, and the official series beside it. */
export function basketRoutes(app: App, { pool, pack, clock }: Context): void {
  app.get(
    '/api/prices/index',
    {
      schema: {
        tags,
        summary: "Read the basket's price index and what its change is made of",
        description: AS_KNOWN,
        querystring: IndexQuery,
        response: { 200: PriceIndex },
      },
    },
    async ({ query }) => {
      const asked = askedDay({ day: query.to, known: query.known }, dayOf(clock(), pack.city.timezone))
      const to = await shownDay(pool, asked)
      const days = range(query, { to, days: query.days ?? 90, most: MOST_INDEX_DAYS })
      return readPriceIndex(pool, pack, { ...days, known: asked.known })
    },
  )

  app.get(
    '/api/prices/official',
    {
      schema: {
        tags,
        summary: 'List official series as they were published',
        response: { 200: Type.Object({ series: Type.Array(OfficialSeries) }) },
      },
    },
    async () => ({ series: await readOfficial(pool) }),
  )

  // In a scope of its own: these types are taken nowhere else.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['text/csv', XLSX_TYPE],
      { parseAs: 'buffer', bodyLimit: MAX_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post(
      '/api/prices/official/:code',
      {
        config: { access: ['market-officer', 'admin'] },
        bodyLimit: MAX_BYTES,
        schema: {
          tags,
          summary: 'Take over a file of an official series: periode, nilai, keterangan',
          description:
            'A changed value is a new revision. A file with a row that cannot be read is refused as a whole.',
          consumes: ['text/csv', XLSX_TYPE],
          params: Type.Object({ code: Type.String({ maxLength: 50 }) }),
          response: { 200: OfficialImport },
        },
      },
      ({ params: { code }, body, viewer }) =>
        importOfficial(pool, code, body as Buffer, { viewer: actorOf(viewer), now: clock() }),
    )
    done()
  })
}
