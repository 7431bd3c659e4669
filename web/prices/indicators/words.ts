import { INDICATOR_NOTES } from '#contract/indicator-notes.ts'
import type { AlpsClass, IfpaClass, IndicatorName, Lack } from '#contract/indicators.ts'
import { change, number, percent, perUnit } from '../../i18n/format.ts'
import { locale, messages } from '../../i18n/index.svelte.ts'
import { unit as unitName } from '../messages.ts'

export const t = messages(
  {
    how: 'Bagaimana ini dihitung?',
    howOf: 'Bagaimana ini dihitung? {name}',
    formula: 'Rumus',
    source: 'Sumber',
    unit: 'Satuan',
    needs: 'Yang diperlukan',
    days: '{count} hari',
    'group.change': 'Perubahan',
    'group.markets': 'Antarpasar pada hari itu',
    'group.ceiling': 'Terhadap HET dan HAP',
    'group.variation': 'Keragaman',
    'group.alert': 'Peringatan dini',
    'lacks.months': 'riwayat belum cukup ({have} dari {need} bulan)',
    'lacks.days': 'riwayat belum cukup ({have} dari {need} hari)',
    'lacks.years': 'riwayat belum cukup ({have} dari {need} tahun)',
    'lacks.markets': 'pasar yang melapor belum cukup ({have} dari {need})',
    'lacks.comparison': 'belum ada harga pembanding',
    'lacks.season': 'di luar pekan-pekan sekitar Lebaran',
    'lacks.ceiling': 'tidak ada HET atau HAP yang berlaku',
    'lacks.producer': 'belum ada harga produsen',
    'lacks.variation': 'harga tidak bergerak, jadi tidak ada yang dapat dinilai',
    'lacks.recent': 'data terakhir sudah {have} bulan (harus kurang dari {need})',
    'alps.normal': 'normal',
    'alps.stress': 'tekanan',
    'alps.alert': 'waspada',
    'alps.crisis': 'krisis',
    'ifpa.abnormally-high': 'tinggi luar biasa',
    'ifpa.moderately-high': 'agak tinggi',
    'ifpa.normal': 'normal',
    'ifpa.moderately-low': 'agak rendah',
    'ifpa.abnormally-low': 'rendah luar biasa',
  },
  {
    how: 'How is this counted?',
    howOf: 'How is this counted? {name}',
    formula: 'Formula',
    source: 'Source',
    unit: 'Unit',
    needs: 'What it needs',
    days: '{count} days',
    'group.change': 'Changes',
    'group.markets': 'Among markets on the day',
    'group.ceiling': 'Against HET and HAP',
    'group.variation': 'Variation',
    'group.alert': 'Early warning',
    'lacks.months': 'not enough history ({have} of {need} months)',
    'lacks.days': 'not enough history ({have} of {need} days)',
    'lacks.years': 'not enough history ({have} of {need} years)',
    'lacks.markets': 'not enough markets reported ({have} of {need})',
    'lacks.comparison': 'no price to compare with',
    'lacks.season': 'not in the weeks around Lebaran',
    'lacks.ceiling': 'no HET or HAP is in force',
    'lacks.producer': 'no price of producers',
    'lacks.variation': 'the price did not move, so nothing can be told apart',
    'lacks.recent': 'the newest data is {have} months old (must be less than {need})',
    'alps.normal': 'normal',
    'alps.stress': 'stress',
    'alps.alert': 'alert',
    'alps.crisis': 'crisis',
    'ifpa.abnormally-high': 'abnormally high',
    'ifpa.moderately-high': 'moderately high',
    'ifpa.normal': 'normal',
    'ifpa.moderately-low': 'moderately low',
    'ifpa.abnormally-low': 'abnormally low',
  },
)

/** Why there is no figure: "not enough history (14 of 36 months)". */
export const lackText = ({ what, have, need }: Lack): string =>
  t(`lacks.${what}`, { have: number(have), need: number(need) })

export const noteOf = (name: IndicatorName) => INDICATOR_NOTES[name][locale.current]

/** A figure as the reader's language writes it. @param unit the commodity's */
export function valueText(name: IndicatorName, value: number, unit: string): string {
  switch (INDICATOR_NOTES[name].kind) {
    case 'difference':
      return change(value)
    case 'share':
      return percent(value)
    case 'rupiah':
      return perUnit(Math.round(value), unitName(unit))
    case 'days':
      return t('days', { count: number(value) })
    case 'score':
      return number(value, 2).replace('-', '−')
  }
}

export type ScoreClass = `alps.${AlpsClass}` | `ifpa.${IfpaClass}`

/** How a class looks: never told by colour alone. */
export const CLASS_LOOKS: Record<ScoreClass, { shape: string; color: string }> = {
  'alps.normal': { shape: '●', color: 'up' },
  'alps.stress': { shape: '◆', color: 'degraded' },
  'alps.alert': { shape: '▲', color: 'series-2' },
  'alps.crisis': { shape: '■', color: 'down' },
  'ifpa.abnormally-high': { shape: '▲▲', color: 'down' },
  'ifpa.moderately-high': { shape: '▲', color: 'degraded' },
  'ifpa.normal': { shape: '●', color: 'up' },
  'ifpa.moderately-low': { shape: '▼', color: 'maintenance' },
  'ifpa.abnormally-low': { shape: '▼▼', color: 'maintenance' },
}
