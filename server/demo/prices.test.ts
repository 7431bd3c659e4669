import { beforeAll, describe, expect, it } from 'vitest'
import { ceilingInForce, loadPack, readHistory, type CityPack } from '../cities/index.ts'
import { addDays } from '../prices/index.ts'
import { demoMoment, firstDemoDay, overDay } from './calendar.ts'
import { readLevels, type PriceLevels } from './levels.ts'
import { isMistyped, priceAt, quoteAt } from './prices.ts'
import { portalMarkets, TABLE_COMMODITIES } from './portal-siskaperbapo.ts'

let pack: CityPack
let levels: PriceLevels
let markets: string[]
const day = '2026-11-10'
const days = Array.from({ length: 60 }, (_, index) => addDays(day, index))
const price = (market: string, commodity: string, on: string) => priceAt(1, levels, market, commodity, on)

beforeAll(async () => {
  pack = await loadPack('malang')
  levels = await readLevels(pack, readHistory('malang'))
  markets = portalMarkets(pack).map(({ code }) => code)
})

describe('the levels at which the real history ends', () => {
  it('cover what the portal lists', () => {
    expect(levels.lastDay).toBe('2026-08-09')
    expect(TABLE_COMMODITIES.filter((code) => !levels.commodities.has(code))).toEqual([])
    expect(levels.commodities.get('beras-medium')?.places.get('pasar-besar')).toBe(12_500)
    expect(levels.commodities.get('bawang-putih')?.places.get('pasar-besar')).toBe(27_000)
    // shallots at the markets are from December; the city's level of May is newer
    expect(levels.commodities.get('bawang-merah')?.city).toBe(48_750)
  })
})

describe('prices', () => {
  it('repeat, and differ with the seed', () => {
    const all = (seed: number) =>
      markets.flatMap((market) => TABLE_COMMODITIES.map((code) => priceAt(seed, levels, market, code, day)))
    expect(all(1)).toEqual(all(1))
    expect(all(1)).not.toEqual(all(2))
  })
  it('begin where the history ends', () => {
    for (const [market, start] of levels.commodities.get('beras-medium')?.places ?? [])
      if (markets.includes(market)) {
        const next = price(market, 'beras-medium', addDays(levels.lastDay, 1))
        if (next !== null) expect(Math.abs(next - start) / start).toBeLessThan(0.03)
      }
  })
  it('stay within what a market may ask, move gently day by day, and most stay as they were', () => {
    let same = 0
    let moved = 0
    for (const market of markets)
      for (const code of TABLE_COMMODITIES) {
        const level = levels.commodities.get(code)?.city ?? 0
        for (const [index, on] of days.entries()) {
          const today = price(market, code, on)
          const before = index === 0 ? null : price(market, code, days[index - 1] ?? on)
          if (today === null) continue
          expect(today / level).toBeGreaterThan(0.4)
          expect(today / level).toBeLessThan(2.2)
          expect(today % 100).toBe(0)
          if (before === null) continue
          expect(Math.abs(today - before) / before).toBeLessThan(0.35)
          if (today === before) same += 1
          else moved += 1
        }
      }
    expect(moved / (moved + same)).toBeGreaterThan(0.05)
    expect(moved / (moved + same)).toBeLessThan(0.5)
  })
  it('are missing now and then, and break a ceiling at some markets', () => {
    let gaps = 0
    let above = 0
    for (const on of days)
      for (const market of markets) {
        if (price(market, 'telur-ayam-ras', on) === null) gaps += 1
        const ceiling = ceilingInForce(pack.ceilings, 'minyakita', on, '1')?.priceMax ?? 0
        if ((price(market, 'minyakita', on) ?? 0) > ceiling) above += 1
      }
    const all = days.length * markets.length
    expect(gaps / all).toBeGreaterThan(0.005)
    expect(gaps / all).toBeLessThan(0.06)
    expect(above).toBeGreaterThan(0)
    expect(above).toBeLessThan(all)
  })
  it('cost the same for a day far away', () => {
    const far = addDays(levels.lastDay, 1_000_000)
    const took = (on: string) => {
      const from = performance.now()
      for (let turn = 0; turn < 2_000; turn += 1) price('pasar-besar', 'beras-medium', on)
      return performance.now() - from
    }
    took(day)
    expect(took(far)).toBeLessThan(10 * took(day) + 50)
  })
})

describe('what the portal shows', () => {
  it('a typo loses a zero, is rare, and is put right', () => {
    let typos = 0
    let quotes = 0
    for (const on of days)
      for (const market of markets)
        for (const code of TABLE_COMMODITIES) {
          quotes += 1
          const minute = [200, 500, 700].find((when) => isMistyped(1, market, code, on, when))
          const right = priceAt(1, levels, market, code, on)
          if (minute === undefined || right === null) continue
          typos += 1
          const shown = quoteAt(1, levels, market, code, { day: on, arrived: 1, minute }) ?? 0
          expect(shown / right).toBeGreaterThan(0.08)
          expect(shown / right).toBeLessThan(0.12)
          expect(Math.abs((quoteAt(1, levels, market, code, overDay(on)) ?? 0) - right)).toBeLessThanOrEqual(
            1_000,
          )
        }
    expect(typos).toBeGreaterThan(0)
    expect(typos / quotes).toBeLessThan(1 / 500)
  })
  it('reports come in during the day, and a few are revised each minute', () => {
    const shown = (arrived: number, minute: number) =>
      markets.map((market) => quoteAt(1, levels, market, 'beras-medium', { day, arrived, minute }))
    expect(shown(0, 0).filter((value) => value !== null)).toEqual([])
    const half = shown(0.5, 0).filter((value) => value !== null).length
    expect(half).toBeGreaterThan(2)
    expect(half).toBeLessThan(markets.length)
    const all = (minute: number) =>
      markets.flatMap((market) =>
        TABLE_COMMODITIES.map((code) => quoteAt(1, levels, market, code, { day, arrived: 1, minute })),
      )
    let changed = 0
    for (let minute = 600; minute < 660; minute += 1) {
      const next = all(minute + 1)
      changed += all(minute).filter((value, index) => value !== next[index]).length
    }
    expect(changed / 60).toBeGreaterThan(0.5)
    expect(changed / 60).toBeLessThan(15)
  })
})

describe("the demo's calendar", () => {
  const startedAt = new Date('2026-11-24T03:00:00Z')
  const calendar = { timezone: 'Asia/Jakarta', daySeconds: 60 }
  const after = (seconds: number) =>
    demoMoment(startedAt, new Date(startedAt.getTime() + seconds * 1000), calendar)
  it('passes a day a minute until it has caught up', () => {
    expect(firstDemoDay(startedAt, 'Asia/Jakarta')).toBe('2026-11-10')
    expect(after(0)).toMatchObject({ day: '2026-11-10', minute: 0 })
    expect(after(90)).toMatchObject({ day: '2026-11-11', minute: 720, arrived: 0.95 })
    expect(after(13 * 60 + 59).day).toBe('2026-11-23')
    expect(after(14 * 60)).toEqual({ day: '2026-11-24', arrived: 1, minute: 10 * 60 + 14 })
  })
  it("then goes with the city's day, and never ahead of it", () => {
    expect(after(13 * 3600 + 3599).day).toBe('2026-11-24')
    expect(after(14 * 3600).day).toBe('2026-11-25')
    expect(after(-3600).day <= '2026-11-24').toBe(true)
  })
})
