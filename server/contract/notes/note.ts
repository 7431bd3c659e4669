export interface IndicatorWords {
  name: string
  formula: string
  /** who defined it */
  source: string
  unit: string
  /** less than this, and there is no figure */
  needs: string
}
export interface IndicatorNote {
  /** a difference is a share with its sign */
  kind: 'difference' | 'share' | 'rupiah' | 'days' | 'score'
  id: IndicatorWords
  en: IndicatorWords
}

export const shareOf = { id: 'persen', en: 'percent' }
export const rupiahOf = { id: 'rupiah per satuan komoditas', en: "rupiah per the commodity's unit" }
export const scoreOf = { id: 'simpangan baku', en: 'standard deviations' }
export const own = { id: 'definisi umum', en: 'common definition' }
