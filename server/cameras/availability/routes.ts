import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { AVAILABILITY_BY, AvailabilityReport, OutageHeat } from '#contract/availability.ts'
import type { App, Context } from '../../context.ts'
import { CSV_TYPE, INDONESIAN, INTERNATIONAL, writeCsv, writeXlsx, XLSX_TYPE } from '../../tables/table.ts'
import { outageHeat } from './heat.ts'
import { monthOf, periodOf } from './period.ts'
import { readAvailability, type By } from './report.ts'
import { tableOf } from './table.ts'
import { WORDS } from './words.ts'

const MOST_DAYS = 3_660
const HEAT_DAYS = 31
const ByKey = Type.Unsafe<By>({
  ...Type.Union(AVAILABILITY_BY.map((by) => Type.Literal(by))),
  default: 'camera',
})
const Bound = Type.String({
  maxLength: 40,
  description: "a day of the city's calendar, or a time with its offset",
})
/** A wall asks once a minute, a report is made once a month; each costs a second of the database or of this process. */
const FEW = { rateLimit: { max: 120, timeWindow: '1 minute' } }
const FEWER = { rateLimit: { max: 30, timeWindow: '1 minute' } }
const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** Availability that stands in a contract, as figures, as a file to hand over, and by the hour. */
export function availabilityRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context
  const { timezone } = pack.city

  app.get(
    '/api/availability',
    {
      config: FEW,
      schema: {
        tags: ['cameras'],
        summary: 'Read availability over a period against what is owed; of days the last one is part of it',
        querystring: Type.Object({ from: Bound, to: Bound, by: ByKey }, closed),
        response: { 200: AvailabilityReport },
      },
    },
    ({ query }) => {
      const { from, to } = periodOf(query.from, query.to, timezone, MOST_DAYS)
      return readAvailability(context, from, to, query.by)
    },
  )

  app.get(
    '/api/availability/report',
    {
      config: FEWER,
      schema: {
        tags: ['cameras'],
        summary: 'Read the availability of a month as a file',
        querystring: Type.Object(
          {
            month: Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' }),
            by: ByKey,
            format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { default: 'xlsx' }),
            lang: Type.Union([Type.Literal('id'), Type.Literal('en')], { default: 'id' }),
          },
          closed,
        ),
        response: {
          200: {
            description: 'The file',
            content: { [CSV_TYPE]: { schema: Type.String() }, [XLSX_TYPE]: { schema: Binary } },
          },
        },
      },
    },
    async ({ query: { month, by, format, lang } }, reply) => {
      const { from, to } = monthOf(month, timezone)
      const report = await readAvailability(context, from, to, by)
      const table = tableOf(report, lang, timezone, clock())
      const words = WORDS[lang]
      const name = `${words.file}-${month}-${by}${report.demo ? '-demo' : ''}.${format}`
      reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
      if (format === 'csv')
        return reply.type(CSV_TYPE).send(writeCsv(table, lang === 'id' ? INDONESIAN : INTERNATIONAL))
      const sheet = `${words.sheet} ${month}${report.demo ? ' DEMO' : ''}`
      return reply.type(XLSX_TYPE).send(await writeXlsx(table, { sheet, notesSheet: words.notesSheet }))
    },
  )

  app.get(
    '/api/outages/heat',
    {
      config: FEW,
      schema: {
        tags: ['cameras'],
        summary: `Read what of each hour each camera was down, over at most ${HEAT_DAYS} days`,
        querystring: Type.Object({ from: Bound, to: Bound }, closed),
        response: { 200: OutageHeat },
      },
    },
    async ({ query }, reply) => {
      const { from, to } = periodOf(query.from, query.to, timezone, HEAT_DAYS)
      const heat = await outageHeat(pool, from, to, clock())
      // Millions of shares at a time: what checks each of them while it writes takes seconds for it.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(heat) as unknown as OutageHeat)
    },
  )
}
