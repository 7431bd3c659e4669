import type { CommodityList } from '#contract/prices.ts'

/** Code of the commodity to begin with: what no survey asks for may have no price at any market. */
export const firstSurveyed = ({ commodities, surveyed }: CommodityList): string | undefined =>
  (commodities.find(({ code }) => surveyed.includes(code)) ?? commodities[0])?.code
