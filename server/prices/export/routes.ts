import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { CSV_TYPE, INDONESIAN, INTERNATIONAL, writeCsv, writeXlsx, XLSX_TYPE } from '../../tables/table.ts'
import { AS_KNOWN, askedDay, existing, range } from '../asked-days.ts'
import { readPriceIndex } from '../basket/price-index.ts'
import { readBoard } from '../board.ts'
import { readCeilings } from '../ceiling-watch.ts'
import { asOf } from '../known.ts'
import { dayOf } from '../days.ts'
import { found } from '../found.ts'
import { readHeat } from '../heat.ts'
import { readAllFigures } from '../indicators/page.ts'
import { readMap } from '../places.ts'
import { shownDay } from '../queries.ts'
import { readHistoryRows } from './history-store.ts'
import { indicatorsTable } from './indicators-table.ts'
import {
  boardTable,
  ceilingsTable,
  heatTable,
  historyTable,
  indexTable,
  mapTable,
  type Body,
} from './tables.ts'
import { KINDS, notesOf, TITLES, WORDS } from './words.ts'

const MOST_ROWS = 100_000
const MOST_HEAT_DAYS = 400
const MOST_INDEX_DAYS = 4_000
const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })
const Code = Type.String({ minLength: 1, maxLength: 100 })
const Query = Type.Object(
  {
    kind: Type.Union(KINDS.map((kind) => Type.Literal(kind))),
    format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { default: 'xlsx' }),
    locale: Type.Union([Type.Literal('id'), Type.Literal('en')], { default: 'id' }),
    /** of the board, the map, the ceilings and the indicators */
    day: Type.Optional(Day),
    known: Type.Optional(Day),
    /** of histories, the heat map and the index */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    commodity: Type.Optional(Code),
    market: Type.Optional(Code),
  },
  closed,
)
type Asked = { [key in 'day' | 'known' | 'from' | 'to' | 'commodity' | 'market']?: string } & {
  kind: (typeof KINDS)[number]
  locale: 'id' | 'en'
}

/** What the pages show as files: numbers as numbers, units, where they come from and how they were counted. */
export function priceExportRoutes(app: App, { pool, pack, clock }: Context): void {
  const today = () => dayOf(clock(), pack.city.timezone)

  const codeOf = (kind: 'commodity' | 'market', code: string | undefined): string => {
    const codes = kind === 'commodity' ? pack.commodities : pack.markets
    if (code === undefined)
      throw new AppError('bad-input', `Say of which ${kind}.`, {
        field: kind,
        expected: `the code of a ${kind}`,
      })
    return found(
      codes.find((one) => one.code === code),
      kind,
      code,
    ).code
  }
  const history = async (query: Asked): Promise<Body> => {
    const { kind, locale, commodity, market } = query
    const wanted = {
      commodity: kind === 'commodity' || commodity !== undefined ? codeOf('commodity', commodity) : undefined,
      market: kind === 'market' || market !== undefined ? codeOf('market', market) : undefined,
      from: existing(query.from),
      to: existing(query.to),
      known: asOf(existing(query.known), pack.city.timezone),
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
    const day = askedDay(query, today())
    const { known } = day
    const daysBefore = async (days: number, most: number) =>
      range(query, { to: await shownDay(pool, { ...day, wanted: existing(query.to) }), days, most })
    switch (kind) {
      case 'board':
        return boardTable(await readBoard(pool, pack, day), locale)
      case 'ceilings':
        return ceilingsTable(await readCeilings(pool, pack, day), locale)
      case 'map': {
        const code = codeOf('commodity', query.commodity)
        return mapTable(found(await readMap(pool, pack, code, day), 'commodity', code), locale)
      }
      case 'heat': {
        const days = await daysBefore(89, MOST_HEAT_DAYS)
        return heatTable(await readHeat(pool, pack, { ...days, known }), locale)
      }
      case 'index': {
        const days = await daysBefore(365, MOST_INDEX_DAYS)
        return indexTable(await readPriceIndex(pool, pack, { ...days, known }), locale)
      }
      case 'indicators':
        return indicatorsTable(await readAllFigures(pool, pack, { until: day.wanted, known }), pack, locale)
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
        description: AS_KNOWN,
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
        notes: notesOf(locale, kind, { city: pack.city.name, at, known: query.known, demo, sources }),
      }
      const about = [
        query.commodity,
        query.market,
        query.day ?? query.to ?? today(),
        query.known === undefined ? undefined : `known-${query.known}`,
      ].filter((part) => part !== undefined)
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
