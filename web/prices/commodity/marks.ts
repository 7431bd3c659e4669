import type { CommodityHistory } from '#contract/price-board.ts'
import type { Holiday } from '#contract/prices.ts'
import type { Mark } from '../../charts/marks.ts'
import { rupiah } from '../../i18n/format.ts'
import { t } from './messages.ts'

/** Seasons, feasts and the days from which another ceiling counts. */
export function marksOf(holidays: readonly Holiday[], ceilings: CommodityHistory['ceilings']): Mark[] {
  const feasts = holidays.map(({ kind, from, to }): Mark => ({
    kind: kind === 'ramadan' ? 'season' : 'feast',
    from,
    to,
    label: t(`holiday.${kind}`),
  }))
  // The first of them began before what is shown, or with it.
  const rules = ceilings.slice(1).map(({ from, kind, price }): Mark => ({
    kind: 'rule',
    from,
    to: from,
    label: t('newRule', { kind, price: rupiah(price) }),
  }))
  return [...feasts, ...rules]
}
