import { normalName, splitUnit } from './names.ts'
import type { Alias, CityPack, Commodity } from './pack.ts'
import { canonicalUnit, priceFactor } from './units.ts'

export { canonicalUnit, priceFactor } from './units.ts'
export type { Unit } from './pack.ts'

/** Our price = the source's price x factor. */
export type FoundCommodity = { code: string; factor: number }
export type CommodityFinder = (nameOrId: string | number, unitText?: string) => FoundCommodity | undefined

type Entry = { commodity: Commodity; factor?: number }

/**
 * Finds our commodity for what a feed calls it: the feed's own names and ids first, then names for all
 * feeds ('*'), then our code and names. Undefined: the name is unknown, or the unit is, or the unit can't
 * be turned into the commodity's. No unit text means the commodity's own unit.
 */
export function commodityFinder(
  pack: Pick<CityPack, 'commodities' | 'aliases'>,
  feedKind: Alias['feedKind'],
): CommodityFinder {
  const byName = new Map<string, Entry>()
  const byId = new Map<string, Entry>()
  const byCode = new Map(pack.commodities.map((commodity) => [commodity.code, commodity]))
  for (const commodity of pack.commodities)
    for (const name of [commodity.nameEn, commodity.nameId, commodity.code])
      byName.set(normalName(name), { commodity })
  for (const kind of new Set<Alias['feedKind']>(['*', feedKind])) {
    for (const alias of pack.aliases) {
      const commodity = byCode.get(alias.commodityCode)
      if (alias.feedKind !== kind || !commodity) continue
      const entry = alias.factor === undefined ? { commodity } : { commodity, factor: alias.factor }
      byName.set(normalName(alias.sourceName), entry)
      if (alias.sourceId !== undefined) byId.set(alias.sourceId, entry)
    }
  }
  return (nameOrId, unitText) => {
    const asked = String(nameOrId).trim()
    const entry = byId.get(asked) ?? byName.get(normalName(asked))
    return entry && withFactor(entry, unitText?.trim() || splitUnit(asked).unitText)
  }
}

function withFactor({ commodity, factor }: Entry, unitText: string | undefined): FoundCommodity | undefined {
  if (factor !== undefined) return { code: commodity.code, factor }
  if (unitText === undefined) return { code: commodity.code, factor: 1 }
  const unit = canonicalUnit(unitText)
  const conversion = unit && priceFactor(unit, commodity.unit)
  return conversion === undefined ? undefined : { code: commodity.code, factor: conversion }
}
