import { INDICATORS, type CommodityFigures, type IndicatorName } from '#contract/indicators.ts'
import type { CityPack } from '../../cities/index.ts'
import type { Column } from '../../tables/table.ts'
import { nameIn, unitIn, type Body } from './tables.ts'
import { WORDS, type Lang } from './words.ts'

const KIND: Record<IndicatorName, Column['kind']> = {
  'change-day': 'share',
  'change-week': 'share',
  'change-month': 'share',
  'change-year': 'share',
  'change-lebaran': 'share',
  median: 'integer',
  'band-low': 'integer',
  'band-high': 'integer',
  'trimmed-mean': 'integer',
  disparity: 'share',
  margin: 'share',
  'variation-30': 'share',
  'variation-year': 'share',
  'days-above': 'integer',
  excess: 'share',
  alps: 'number',
  ifpa: 'number',
}
const HEADERS: Record<Lang, Record<IndicatorName, string>> = {
  id: {
    'change-day': 'Perubahan harian (%)',
    'change-week': 'Perubahan mingguan (%)',
    'change-month': 'Perubahan bulanan (%)',
    'change-year': 'Perubahan tahunan (%)',
    'change-lebaran': 'Terhadap pekan yang sama sebelum Lebaran lalu (%)',
    median: 'Median kota (Rp)',
    'band-low': 'Batas bawah (Rp)',
    'band-high': 'Batas atas (Rp)',
    'trimmed-mean': 'Rata-rata terpangkas (Rp)',
    disparity: 'Disparitas antarpasar (%)',
    margin: 'Margin atas produsen (%)',
    'variation-30': 'Koefisien variasi 30 hari (%)',
    'variation-year': 'Koefisien variasi tahunan (%)',
    'days-above': 'Hari di atas acuan',
    excess: 'Di atas acuan (%)',
    alps: 'ALPS',
    ifpa: 'IFPA',
  },
  en: {
    'change-day': 'Change in a day (%)',
    'change-week': 'Change in a week (%)',
    'change-month': 'Change in a month (%)',
    'change-year': 'Change in a year (%)',
    'change-lebaran': 'Against the same week before the last Lebaran (%)',
    median: 'City median (IDR)',
    'band-low': 'Band, low (IDR)',
    'band-high': 'Band, high (IDR)',
    'trimmed-mean': 'Trimmed mean (IDR)',
    disparity: 'Disparity among markets (%)',
    margin: 'Margin over producers (%)',
    'variation-30': 'Coefficient of variation, 30 days (%)',
    'variation-year': 'Coefficient of variation, yearly (%)',
    'days-above': 'Days above the ceiling',
    excess: 'Above the ceiling (%)',
    alps: 'ALPS',
    ifpa: 'IFPA',
  },
}

/** A row a commodity, a column an indicator; what history does not suffice for is empty. */
export function indicatorsTable(figures: readonly CommodityFigures[], pack: CityPack, lang: Lang): Body {
  const byCode = new Map(figures.map((one) => [one.commodity, one]))
  const words = WORDS[lang]
  return {
    columns: [
      { header: words.commodity, kind: 'text', width: 28 },
      { header: words.unit, kind: 'text' },
      { header: words.day, kind: 'text', width: 12 },
      ...INDICATORS.map((name): Column => ({ header: HEADERS[lang][name], kind: KIND[name], width: 16 })),
    ],
    rows: pack.commodities
      .toSorted((a, b) => a.position - b.position)
      .flatMap((commodity) => {
        const one = byCode.get(commodity.code)
        if (one === undefined) return []
        const values = INDICATORS.map((name) => {
          const measure = one.measures[name]
          return measure !== undefined && 'value' in measure ? measure.value : null
        })
        return [[nameIn(lang, commodity), unitIn(lang, commodity.unit), one.day, ...values]]
      }),
    demo: false,
    sources: [],
  }
}
