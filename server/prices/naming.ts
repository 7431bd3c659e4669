import type { Ceiling, Commodity, Market } from '#contract/price.ts'
import { ceilingInForce, type CityPack } from '../cities/index.ts'

export const commodityOf = ({
  code,
  nameId,
  nameEn,
  unit,
  category,
}: CityPack['commodities'][number]): Commodity => ({ code, nameId, nameEn, unit, category })

export const marketOf = ({ code, name, level }: CityPack['markets'][number]): Market => ({
  code,
  name,
  level,
})

/** The ceiling of a day by the rule in force on it; null where there was none. */
export function ceilingOf(pack: CityPack, commodity: string, day: string): Ceiling | null {
  const ceiling = ceilingInForce(pack.ceilings, commodity, day, pack.city.ceilingZone)
  if (ceiling === undefined) return null
  return {
    kind: ceiling.kind,
    price: ceiling.priceMax,
    regulation: ceiling.regulation,
    validFrom: ceiling.validFrom ?? null,
  }
}

/** (price - ceiling) / ceiling: 0.05 is 5 % above it, negative is below. */
export const excessOf = (price: number, ceiling: Pick<Ceiling, 'price'>): number =>
  (price - ceiling.price) / ceiling.price

/** Items by a key, in their order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
