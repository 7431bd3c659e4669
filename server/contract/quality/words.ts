import type { Finding } from '../quality.ts'

type Locale = 'id' | 'en'
const TAG = { id: 'id-ID', en: 'en-GB' }

interface Says {
  rupiah(name: string): string
  percent(name: string): string
  day(name: string): string
  number(name: string): string
  text(name: string): string
  level(): string
  facts: Finding['facts']
}

const LEVEL: Record<Locale, Record<'usual' | 'beside', (price: string) => string>> = {
  id: {
    usual: (price) => `Biasanya sekitar ${price}.`,
    beside: (price) => `Yang lain sekitar ${price}.`,
  },
  en: {
    usual: (price) => `It is about ${price} as a rule.`,
    beside: (price) => `The others say about ${price}.`,
  },
}

function sayer({ facts }: Finding, locale: Locale): Says {
  const value = (name: string) => Number(facts[name] ?? 0)
  const grouped = new Intl.NumberFormat(TAG[locale])
  const rupiah = (name: string) => `Rp\u00a0${grouped.format(value(name))}`
  return {
    facts,
    rupiah,
    level: () => LEVEL[locale][facts.beside === undefined ? 'usual' : 'beside'](rupiah('level')),
    percent: (name) => `${grouped.format(Math.round(Math.abs(value(name)) * 100))}%`,
    day: (name) =>
      new Intl.DateTimeFormat(TAG[locale], {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      }).format(new Date(`${String(facts[name] ?? '1970-01-01')}T00:00:00Z`)),
    number: (name) => grouped.format(value(name)),
    text: (name) => String(facts[name] ?? ''),
  }
}

const SENTENCES: Record<Locale, Record<Finding['check'], (say: Says) => string>> = {
  id: {
    range: (say) =>
      `${say.rupiah('price')} di luar kisaran yang mungkin (${say.rupiah('min')} sampai ${say.rupiah('max')}).`,
    jump: (say) =>
      `${Number(say.facts.change) > 0 ? 'Naik' : 'Turun'} ${say.percent('change')} dari ${say.rupiah('before')} pada ${say.day('day')}; sebesar itu jarang terjadi.`,
    'digit-lost': (say) =>
      `Mungkin kurang ${Number(say.facts.zeros) > 1 ? `${say.number('zeros')} angka nol` : 'satu angka nol'}${say.facts.perOns === undefined ? '' : ', atau harga per ons'}: ${say.rupiah('meant')}? ${say.level()}`,
    'digit-added': (say) =>
      `Mungkin kelebihan ${Number(say.facts.zeros) > 1 ? `${say.number('zeros')} angka nol` : 'satu angka nol'}: ${say.rupiah('meant')}? ${say.level()}`,
    'digit-swapped': (say) => `Mungkin dua angka tertukar: ${say.rupiah('meant')}? ${say.level()}`,
    stuck: (say) =>
      `Tetap ${say.rupiah('price')} sejak ${say.day('since')} (${say.number('days')} hari), padahal ${say.number('moved')} dari ${say.number('others')} pasar lain berubah.`,
    outlier: (say) =>
      `${say.percent('change')} ${Number(say.facts.change) > 0 ? 'di atas' : 'di bawah'} median ${say.number('markets')} pasar lain (${say.rupiah('median')}).`,
    unit: (say) =>
      `Mungkin harga untuk ${say.text('portion')}, bukan per ${say.text('unit')}: ${say.rupiah('meant')} per ${say.text('unit')}? ${say.level()}`,
    season: (say) =>
      `Jauh dari harga minggu yang sama dalam ${say.number('years')} tahun sebelumnya (${say.rupiah('low')} sampai ${say.rupiah('high')}).`,
  },
  en: {
    range: (say) =>
      `${say.rupiah('price')} lies outside what is possible (${say.rupiah('min')} to ${say.rupiah('max')}).`,
    jump: (say) =>
      `${Number(say.facts.change) > 0 ? 'Up' : 'Down'} ${say.percent('change')} from ${say.rupiah('before')} on ${say.day('day')}; it seldom moves that far.`,
    'digit-lost': (say) =>
      `Perhaps ${Number(say.facts.zeros) > 1 ? `${say.number('zeros')} zeros are` : 'a zero is'} missing${say.facts.perOns === undefined ? '' : ', or it is the price of 100 g'}: ${say.rupiah('meant')}? ${say.level()}`,
    'digit-added': (say) =>
      `Perhaps ${Number(say.facts.zeros) > 1 ? `${say.number('zeros')} zeros` : 'a zero'} too many: ${say.rupiah('meant')}? ${say.level()}`,
    'digit-swapped': (say) => `Perhaps two digits changed places: ${say.rupiah('meant')}? ${say.level()}`,
    stuck: (say) =>
      `Still ${say.rupiah('price')} since ${say.day('since')} (${say.number('days')} days), while ${say.number('moved')} of ${say.number('others')} other markets moved.`,
    outlier: (say) =>
      `${say.percent('change')} ${Number(say.facts.change) > 0 ? 'above' : 'below'} the median of ${say.number('markets')} other markets (${say.rupiah('median')}).`,
    unit: (say) =>
      `Perhaps the price of ${say.text('portion')}, not of a ${say.text('unit')}: ${say.rupiah('meant')} a ${say.text('unit')}? ${say.level()}`,
    season: (say) =>
      `Far from the same weeks of ${say.number('years')} earlier years (${say.rupiah('low')} to ${say.rupiah('high')}).`,
  },
}

const SELLER: Record<Locale, (say: Says) => string> = {
  id: (say) => `Seorang penjual menyebut ${say.rupiah('seller')}. `,
  en: (say) => `One seller says ${say.rupiah('seller')}. `,
}

/** A finding in words of the reader's language. */
export function sentenceOf(finding: Finding, locale: Locale = 'id'): string {
  const say = sayer(finding, locale)
  const whose = finding.facts.seller === undefined ? '' : SELLER[locale](say)
  return whose + SENTENCES[locale][finding.check](say)
}
