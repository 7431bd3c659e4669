import type { CityPack } from '../../cities/index.ts'
import { ceilingOf } from '../naming.ts'
import type { IndicatorInputs } from './inputs.ts'

/** What of the city's pack the indicators need: ceilings in its zone, and the days of Lebaran. */
export const rulesOf = (
  pack: CityPack,
  commodity: string,
): Pick<IndicatorInputs, 'ceilingOn' | 'lebaran'> => ({
  ceilingOn: (day) => ceilingOf(pack, commodity, day),
  lebaran: pack.holidays.flatMap(({ kind, from }) => (kind === 'lebaran' ? [from] : [])),
})
