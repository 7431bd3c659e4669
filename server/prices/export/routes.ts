import { Type } from 'typebox'
import { Day } from '#contract/model.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { CSV_TYPE, INDONESIAN, INTERNATIONAL, writeCsv, writeXlsx, XLSX_TYPE } from '../../tables/table.ts'
import { existing, range } from '../asked-days.ts'
import { readBoard } from '../board.ts'
import { readCeilings } from '../ceiling-watch.ts'
import { dayOf } from '../days.ts'
import { readHeat } from '../heat.ts'
import { dayRange } from '../queries.ts'
import { readHistoryRows } from './history-store.ts'
import { readCurrentFigures } from './indicators-store.ts'
import { indicatorsTable } from './indicators-table.ts'
import { boardTable, ceilingsTable, heatTable, historyTable, type Body } from './tables.ts'
import { KINDS, notesOf, TITLES, WORDS } from './words.ts'

const MOST_ROWS = 100_000
const MOST_HEAT_DAYS = 400
const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })
const Code = Type.String({ minLength: 1, maxLength: 100 })
const Query = Type.Object(
  {
    kind: Type.Union(KINDS.map((kind) => Type.Literal(kind))),
    format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { default: 'xlsx' }),
    locale: Type.Union([Type.Literal('id'), Type.Literal('en')], { default: 'id' }),
    /** of the board and the ceilings */
    day: Type.Optional(Day),
    /** of histories and the heat map */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    commodity: Type.Optional(Code),
    market: Type.Optional(Code),
  },
  { additionalProperties: false },
)
type Asked = { [key in 'day' | 'from' | 'to' | 'commodity' | 'market']?: string } & {
  kind: (typeof KINDS)[number]
  locale: 'id' | 'en'
}

/** What the pages show as files: numbers as numbers, units, where they come from and how they were counted. */
export function priceExportRoutes(app: App, { pool, pack, clock }: Context): void {
  const today = () => dayOf(clock(), pack.city.timezone)
  const newest = async () => (await dayRange(pool)).latest ?? today()

  const known = (kind: 'commodity' | 'market', code: string | undefined): string => {
    const codes = kind === 'commodity' ? pack.commodities : pack.markets
    if (code === undefined)
      throw new AppError('bad-input', `Say of which ${kind}.`, {
        field: kind,
        expected: `the code of a ${kind}`,
      })
    if (!codes.some((one) => one.code === code))
      throw new AppError('not-found', `No ${kind} has the code ${code}.`)
    return code
  }
  const history = async ({ kind, locale, from, to, commodity, market }: Asked): Promise<Body> => {
    const wanted = {
      commodity: kind === 'commodity' || commodity !== undefined ? known('commodity', commodity) : undefined,
      market: kind === 'market' || market !== undefined ? known('market', market) : undefined,
      from: existing(from),
      to: existing(to),
    }
    const rows = await readHistoryRows(pool, wanted, MOST_ROWS + 1)
    if (rows.length > MOST_ROWS)
      throw new AppError(
        'too-large',
        `At most ${MOST_ROWS} prices go into one file; name fewer days (from, to).`,
      )
    return historyTable(rows, pack, locale)
  }
  const bodyOf = async (query: Asked): Promise<Body> => {
    const { kind, locale } = query
    const day = existing(query.day)
    switch (kind) {
      case 'board':
        return boardTable(await readBoard(pool, pack, day, { today: today() }), locale)
      case 'ceilings':
        return ceilingsTable(await readCeilings(pool, pack, { wanted: day, today: today() }), locale)
      case 'heat': {
        const { from, to } = range(query, { to: await newest(), days: 89, most: MOST_HEAT_DAYS })
        return heatTable(await readHeat(pool, pack, from, to), locale)
      }
      case 'indicators':
        return indicatorsTable(await readCurrentFigures(pool), pack, locale)
      case 'commodity':
      case 'market':
        return history(query)
    }
  }

  app.get(
    '/api/prices/export',
    {
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags: ['prices'],
        summary:
          'Read a page of prices as a file; histories of a commodity or a market can be imported again',
        querystring: Query,
        response: {
          200: {
            description: 'The file',
            content: { [CSV_TYPE]: { schema: Type.String() }, [XLSX_TYPE]: { schema: Binary } },
          },
        },
      },
    },
    async ({ query }, reply) => {
      const { kind, format, locale } = query
      const { columns, rows, demo, sources } = await bodyOf(query)
      const at = new Intl.DateTimeFormat(locale === 'id' ? 'id-ID' : 'en-GB', {
        timeZone: pack.city.timezone,
        dateStyle: 'long',
        timeStyle: 'long',
      }).format(clock())
      const table = {
        columns,
        rows,
        notes: notesOf(locale, kind, { city: pack.city.name, at, demo, sources }),
      }
      const about = [query.commodity, query.market, query.day ?? query.to ?? today()].filter(
        (part) => part !== undefined,
      )
      const name = `${locale === 'id' ? 'harga' : 'prices'}-${kind}-${about.join('-')}${demo ? '-demo' : ''}.${format}`
      reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
      if (format === 'csv')
        return reply.type(CSV_TYPE).send(writeCsv(table, locale === 'id' ? INDONESIAN : INTERNATIONAL))
      const sheet = `${TITLES[locale][kind]}${demo ? ' DEMO' : ''}`
      return reply.type(XLSX_TYPE).send(await writeXlsx(table, { sheet, notesSheet: WORDS[locale].notes }))
    },
  )
}
