import type { Finding } from '../quality.ts'
import { distance } from './numbers.ts'
import type { Recent } from './series.ts'

/** What a slip is judged by. */
type Level = Pick<Recent, 'level' | 'usual' | 'grain'>

/** How near a mended value must come to the level, as a logarithm: 0.35 is about 40 % off. */
const NEAR = 0.35
/** Below it nothing needs an explanation. */
const FAR = 0.6
const SWAPPED_FAR = 0.2
const SWAPPED_NEAR = 0.06

/** Usual parts and multiples of the canonical units in which sellers name prices, as shares of the unit. */
const PORTIONS: Record<string, readonly { of: string; share: number }[]> = {
  kg: [
    { of: '1/4 kg', share: 0.25 },
    { of: '1/2 kg', share: 0.5 },
    { of: '5 kg', share: 5 },
    { of: '25 kg', share: 25 },
    { of: '50 kg', share: 50 },
  ],
  liter: [
    { of: '1/2 liter', share: 0.5 },
    { of: '2 liter', share: 2 },
    { of: '5 liter', share: 5 },
  ],
}
const PORTION_NEAR = 0.1

/**
 * A value that a zero more or less brings to the series' level. Of what is sold by the kilogram a tenth may also be the
 * price of an ons (100 g): the finding then names both.
 */
export function zeros(price: number, recent: Level, unit: string): Finding | undefined {
  const { level } = recent
  if (level === undefined || distance(price, level) < FAR) return undefined
  const power = Math.round(Math.log10(price / level))
  if (power === 0 || Math.abs(power) > 3) return undefined
  const meant = Math.round(price / 10 ** power)
  if (distance(meant, level) > Math.max(NEAR, recent.usual)) return undefined
  return {
    check: power < 0 ? 'digit-lost' : 'digit-added',
    severity: 'error',
    facts: {
      price,
      meant,
      level: Math.round(level),
      zeros: Math.abs(power),
      ...(power === -1 && unit === 'kg' ? { perOns: 1 } : {}),
    },
  }
}

/** Further from the level than a swapped digit at the least, and than the series moves by itself. */
const isFar = (price: number, level: number, recent: Level): boolean =>
  distance(price, level) >= SWAPPED_FAR && distance(price, level) >= 4 * recent.usual

/** A value of another portion than the canonical unit: a quarter, a half, a sack. */
export function portion(price: number, recent: Level, unit: string): Finding | undefined {
  const { level } = recent
  // What moves by half by itself can't be told from half a kilogram.
  if (level === undefined || !isFar(price, level, recent)) return undefined
  const { usual } = recent
  const fits = (PORTIONS[unit] ?? [])
    .map(({ of, share }) => ({ of, share, off: distance(price / share, level) }))
    .filter(({ off }) => off < Math.max(PORTION_NEAR, usual))
    .sort((a, b) => a.off - b.off)[0]
  if (fits === undefined) return undefined
  return {
    check: 'unit',
    severity: 'warning',
    facts: { price, meant: Math.round(price / fits.share), level: Math.round(level), portion: fits.of, unit },
  }
}

/** A value that comes to the level when two neighbouring digits change places: 41.000 for 14.000. */
export function swapped(price: number, recent: Level): Finding | undefined {
  const { level } = recent
  if (level === undefined || !isFar(price, level, recent)) return undefined
  const { grain } = recent
  const digits = String(price)
  let best: { meant: number; off: number } | undefined
  for (let place = 0; place + 1 < digits.length; place += 1) {
    const meant = Number(
      digits.slice(0, place) + (digits[place + 1] ?? '') + (digits[place] ?? '') + digits.slice(place + 2),
    )
    // A leading zero would make it a number of another length.
    if (meant === price || String(meant).length !== digits.length || meant % grain !== 0) continue
    const off = distance(meant, level)
    if (off <= SWAPPED_NEAR && (best === undefined || off < best.off)) best = { meant, off }
  }
  if (best === undefined) return undefined
  return {
    check: 'digit-swapped',
    severity: 'warning',
    facts: { price, meant: best.meant, level: Math.round(level) },
  }
}
