import type { Commodity } from '#contract/price.ts'
import type { PriceBoard } from '#contract/price-board.ts'
import type { PriceIndex } from '#contract/indicators.ts'
import type { CeilingWatch, PriceHeat, PriceMap } from '#contract/prices.ts'
import type { CityPack } from '../../cities/index.ts'
import type { Column, Table } from '../../tables/table.ts'
import { daysFrom } from '../days.ts'
import { excessOf } from '../naming.ts'
import type { HistoryRow } from './history-store.ts'
import { STATUSES, UNITS, WORDS, type Lang, type Word } from './words.ts'

type Cells = (string | number | null)[]
/** A table before what has to be known beside it. */
export type Body = Pick<Table, 'columns' | 'rows'> & { demo: boolean; sources: string[] }

const column = (lang: Lang, word: Word, kind: Column['kind'] = 'text', width = 14): Column => ({
  header: WORDS[lang][word],
  kind,
  width,
})
export const nameIn = (lang: Lang, { nameId, nameEn }: Pick<Commodity, 'nameId' | 'nameEn'>) =>
  lang === 'id' ? nameId : nameEn
export const unitIn = (lang: Lang, unit: string) => UNITS[lang][unit] ?? unit

/** One price a row, with our codes beside the names, so that it can be imported again without loss. */
export function historyTable(rows: readonly HistoryRow[], pack: CityPack, lang: Lang): Body {
  const commodities = new Map(pack.commodities.map((commodity) => [commodity.code, commodity]))
  const markets = new Map(pack.markets.map(({ code, name }) => [code, name]))
  return {
    columns: [
      column(lang, 'day', 'text', 12),
      column(lang, 'commodity', 'text', 28),
      column(lang, 'commodityCode', 'text', 24),
      column(lang, 'market', 'text', 28),
      column(lang, 'marketCode', 'text', 24),
      column(lang, 'unit'),
      column(lang, 'price', 'integer'),
      column(lang, 'status'),
      column(lang, 'source', 'text', 30),
    ],
    rows: rows.map(({ day, commodity, market, price, status, source }): Cells => {
      const named = commodities.get(commodity)
      return [
        day,
        named === undefined ? commodity : nameIn(lang, named),
        commodity,
        markets.get(market) ?? market,
        market,
        named === undefined ? '' : unitIn(lang, named.unit),
        price,
        STATUSES[lang][status],
        source,
      ]
    }),
    demo: rows.some(({ demo }) => demo),
    sources: [...new Set(rows.map(({ source }) => source))],
  }
}

/** A row a commodity, a column a market; what is not reported on the day itself is told in the last column. */
export function boardTable({ day, markets, rows, demo }: PriceBoard, lang: Lang): Body {
  return {
    columns: [
      column(lang, 'commodity', 'text', 28),
      column(lang, 'unit'),
      column(lang, 'median', 'integer'),
      column(lang, 'low', 'integer'),
      column(lang, 'high', 'integer'),
      column(lang, 'markets', 'integer'),
      column(lang, 'yesterday', 'integer'),
      column(lang, 'lastWeek', 'integer'),
      column(lang, 'kind', 'text', 8),
      column(lang, 'ceiling', 'integer'),
      column(lang, 'excess', 'share'),
      ...markets.map(({ name }): Column => ({ header: `${name} (Rp)`, kind: 'integer', width: 16 })),
      column(lang, 'remark', 'text', 60),
    ],
    rows: rows.map(({ commodity, city, yesterday, lastWeek, ceiling, quotes }): Cells => {
      const byMarket = new Map(quotes.map((quote) => [quote.market, quote]))
      const remarks = markets.flatMap(({ code, name }) => {
        const quote = byMarket.get(code)
        return quote === undefined || quote.status === 'reported'
          ? []
          : [`${name}: ${STATUSES[lang][quote.status]}${quote.day === day ? '' : ` (${quote.day})`}`]
      })
      return [
        nameIn(lang, commodity),
        unitIn(lang, commodity.unit),
        city?.median ?? null,
        city?.low ?? null,
        city?.high ?? null,
        city?.markets ?? null,
        yesterday,
        lastWeek,
        ceiling?.kind ?? null,
        ceiling?.price ?? null,
        city === null || ceiling === null ? null : excessOf(city.median, ceiling),
        ...markets.map(({ code }) => byMarket.get(code)?.price ?? null),
        remarks.join('; '),
      ]
    }),
    demo,
    sources: [...new Set(rows.flatMap(({ quotes }) => quotes.map(({ feed }) => feed)))],
  }
}

/** A row a market. */
export function mapTable({ commodity, day, city, places, demo }: PriceMap, lang: Lang): Body {
  return {
    columns: [
      column(lang, 'market', 'text', 28),
      column(lang, 'marketCode', 'text', 24),
      column(lang, 'latitude', 'number'),
      column(lang, 'longitude', 'number'),
      column(lang, 'commodity', 'text', 28),
      column(lang, 'unit'),
      column(lang, 'day', 'text', 12),
      column(lang, 'price', 'integer'),
      column(lang, 'status'),
      column(lang, 'offCity', 'share'),
    ],
    rows: places.map(({ market, latitude, longitude, quote }): Cells => [
      market.name,
      market.code,
      latitude,
      longitude,
      nameIn(lang, commodity),
      unitIn(lang, commodity.unit),
      quote?.day ?? day,
      quote?.price ?? null,
      quote === null ? null : STATUSES[lang][quote.status],
      quote === null || city === null ? null : quote.price / city.median - 1,
    ]),
    demo,
    sources: [],
  }
}

/** A row a day. */
export function indexTable({ points, demo }: PriceIndex, lang: Lang): Body {
  return {
    columns: [
      column(lang, 'day', 'text', 12),
      column(lang, 'index', 'number', 24),
      column(lang, 'completeness', 'share', 30),
    ],
    rows: points.map(({ day, value, completeness }): Cells => [day, value, completeness]),
    demo,
    sources: [],
  }
}

/** A row a commodity, a column a day. */
export function heatTable({ from, to, rows, demo }: PriceHeat, lang: Lang): Body {
  return {
    columns: [
      column(lang, 'commodity', 'text', 28),
      column(lang, 'unit'),
      column(lang, 'usual', 'integer'),
      ...daysFrom(from, to).map((day): Column => ({ header: day, kind: 'integer', width: 11 })),
    ],
    rows: rows.map(({ commodity, usual, medians }): Cells => [
      nameIn(lang, commodity),
      unitIn(lang, commodity.unit),
      usual,
      ...medians,
    ]),
    demo,
    sources: [],
  }
}

export function ceilingsTable({ rows, demo }: CeilingWatch, lang: Lang): Body {
  return {
    columns: [
      column(lang, 'commodity', 'text', 28),
      column(lang, 'unit'),
      column(lang, 'kind', 'text', 8),
      column(lang, 'ceiling', 'integer'),
      column(lang, 'median', 'integer'),
      column(lang, 'excess', 'share'),
      column(lang, 'daysAbove', 'integer'),
      column(lang, 'daysKnown', 'integer'),
      column(lang, 'aboveSince', 'text', 12),
      column(lang, 'marketsAbove', 'text', 50),
      column(lang, 'regulation', 'text', 40),
    ],
    rows: rows.map(
      ({ commodity, ceiling, median, excess, daysAbove, daysKnown, aboveSince, markets }): Cells => [
        nameIn(lang, commodity),
        unitIn(lang, commodity.unit),
        ceiling.kind,
        ceiling.price,
        median,
        excess,
        daysAbove,
        daysKnown,
        aboveSince,
        markets.map(({ market, price }) => `${market.name} ${price}`).join('; '),
        ceiling.regulation,
      ],
    ),
    demo,
    sources: [],
  }
}
