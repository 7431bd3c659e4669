import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, daysFrom } from '../days.ts'
import { originsBefore, scoresAt, type Score } from './backtest.ts'
import { certainty, rivals } from './choose.ts'
import { dailyOf } from './daily.ts'
import { decide, NO_FORECAST, withPoints } from './forecast.ts'
import { spreads } from './interval.ts'

type Point = { day: string; median: number }
const LAST = '2026-07-14'
/** So many days up to LAST. */
const history = (count: number, price: (index: number) => number): Point[] =>
  Array.from({ length: count }, (_, index) => ({
    day: addDays(LAST, index + 1 - count),
    median: Math.round(price(index)),
  }))
const backtested = (points: readonly Point[]) => {
  const daily = dailyOf(points)
  const newest = points.reduce((day, point) => (point.day > day ? point.day : day), '')
  const scores = originsBefore(newest).flatMap((origin) => scoresAt(daily, origin))
  const decision = decide(daily, scores)
  const chosen = scores.filter(({ method }) => method === decision.figures.method)
  const forecast = withPoints(
    decision,
    chosen.map(({ ratios }) => ratios),
  )
  return { daily, scores, forecast }
}
/** Steps that nobody can foresee, the same at every run. */
function walk(count: number, step: number, seed: number): number[] {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  let log = Math.log(30_000)
  return Array.from({ length: count }, () => Math.exp((log += step * (random() + random() + random() - 1.5))))
}

describe('origins', () => {
  it('are 104 Mondays whose fortnight has passed', () => {
    const origins = originsBefore('2026-07-14')
    expect(origins).toHaveLength(104)
    // 2026-06-30 is a Tuesday
    expect(origins[103]).toBe('2026-06-29')
    expect(origins[0]).toBe(addDays('2026-06-29', -103 * 7))
    expect(origins.every((day) => new Date(day).getUTCDay() === 1)).toBe(true)
  })
  it('a new day brings at most one and lets at most one go', () => {
    for (const day of daysFrom('2026-07-01', '2026-07-21')) {
      const before = new Set(originsBefore(day))
      const fresh = originsBefore(addDays(day, 1)).filter((origin) => !before.has(origin))
      expect(fresh.length).toBe(new Date(day).getUTCDay() === 0 ? 1 : 0)
    }
  })
})

describe('scores', () => {
  it('worked by hand: naive at 100, then 110 on one day and 80 on another', () => {
    const points = [
      { day: '2026-01-05', median: 100 },
      { day: '2026-01-06', median: 110 },
      { day: '2026-01-10', median: 80 },
    ]
    const [naive, ...others] = scoresAt(dailyOf(points), '2026-01-05')
    expect(naive).toMatchObject({ origin: '2026-01-05', method: 'naive', error: 15, days: 2 })
    expect(naive?.ratios.map((ratio) => ratio && Math.round(ratio * 1_000))).toEqual([
      95,
      ...Array<null>(3).fill(null),
      -223,
      ...Array<null>(9).fill(null),
    ])
    expect(others).toEqual([])
  })
  it('know nothing of what comes after their origin but to compare', () => {
    const prices = walk(700, 0.02, 7)
    const origin = originsBefore(LAST)[80] ?? ''
    const after = daysBetween(addDays(LAST, -699), origin) + 1
    const own = scoresAt(dailyOf(history(700, (index) => prices[index] ?? 0)), origin)
    const doubled = scoresAt(
      dailyOf(history(700, (index) => (prices[index] ?? 0) * (index >= after ? 2 : 1))),
      origin,
    )
    // the price doubled, the forecast did not
    own.forEach(({ ratios }, method) =>
      ratios.forEach((ratio, h) =>
        expect(doubled[method]?.ratios[h]).toBeCloseTo((ratio ?? 0) + Math.log(2), 3),
      ),
    )
  })
  it('are none where no price was known, or none came after', () => {
    const daily = dailyOf(history(30, () => 100))
    expect(scoresAt(daily, addDays(LAST, -40))).toEqual([])
    expect(scoresAt(daily, LAST)).toEqual([])
    expect(scoresAt(daily, addDays(LAST, 3))).toEqual([])
  })
})

describe('choosing', () => {
  const score = (method: Score['method'], week: number, error: number): Score => ({
    origin: addDays('2026-01-05', 7 * week),
    method,
    error,
    days: 14,
    ratios: [],
  })
  const weeks = Array.from({ length: 60 }, (_, week) => week)
  it('worked by hand: gains of 1, 2, 3 and 2 lie so many standard errors above none', () => {
    // mean 2, variance 1/2, that of neighbours (-1*0 + 0*1 + 1*0)/4 = 0: 2/sqrt(1/8) times sqrt((4+1-4+2/4)/4)
    expect(certainty([1, 2, 3, 2])).toBeCloseTo((2 / Math.sqrt(1 / 8)) * Math.sqrt(1.5 / 4), 10)
  })
  it('takes what errs less at the same origins, and not for being asked at easier ones', () => {
    const scores = weeks.flatMap((week) => [
      score('naive', week, week < 30 ? 1_000 : 10),
      ...(week >= 30 ? [score('holt', week, 11)] : []),
    ])
    expect(rivals(scores)).toMatchObject([
      { method: 'holt', error: 11, naiveError: 10, origins: 30, better: false },
    ])
  })
  it('needs a margin of 2 %', () => {
    const at = (share: number) =>
      rivals(
        weeks.flatMap((week) => [
          score('naive', week, 100),
          score('holt', week, share * 100 + (week % 3) / 100),
        ]),
      )
    expect(at(0.99)[0]?.better).toBe(false)
    expect(at(0.95)[0]?.better).toBe(true)
  })
  it('is not misled by one lucky origin', () => {
    const scores = weeks.flatMap((week) => [
      score('naive', week, week === 9 ? 2_000 : 100),
      score('holt', week, week === 9 ? 0 : 100),
    ])
    expect(rivals(scores)[0]).toMatchObject({ better: false })
  })
  it('needs half a year', () => {
    const scores = weeks
      .slice(0, 25)
      .flatMap((week) => [score('naive', week, 100 + week), score('holt', week, 50)])
    expect(rivals(scores)[0]?.better).toBe(false)
  })
})

describe('the interval', () => {
  it('worked by hand: of twenty errors the second and the nineteenth', () => {
    const errors = Array.from({ length: 20 }, (_, index) => [(index - 9.5) / 100])
    const [spread] = spreads(errors, 1)
    // ranks (20 + 1) * 0.1 = 2.1 and (20 + 1) * 0.9 = 18.9
    expect(spread?.low).toBeCloseTo(Math.exp(-0.085), 10)
    expect(spread?.high).toBeCloseTo(Math.exp(0.085), 10)
  })
  it('holds the forecast and never narrows, whatever the errors', () => {
    const ratio = fc.option(fc.double({ min: -2, max: 2, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(fc.array(ratio, { minLength: 14, maxLength: 14 }), { maxLength: 60 }),
        (ratios) => {
          const all = spreads(ratios, 14)
          expect(all).toHaveLength(14)
          all.forEach(({ low, high }, index) => {
            expect(low).toBeLessThanOrEqual(Math.min(1, all[index - 1]?.low ?? 1))
            expect(high).toBeGreaterThanOrEqual(Math.max(1, all[index - 1]?.high ?? 1))
          })
          expect(spreads([...ratios].reverse(), 14)).toEqual(all)
        },
      ),
    )
  })
})

describe('the forecast', () => {
  it('is not there without prices', () => {
    expect(withPoints(decide(dailyOf([]), []), [])).toEqual(NO_FORECAST)
  })
  it('says how much history it has of what it needs', () => {
    const { forecast } = backtested(history(150, (index) => 10_000 + 10 * index))
    expect(forecast.points).toEqual([])
    const lacks = typeof forecast.hidden === 'object' ? forecast.hidden?.lacks : undefined
    expect(lacks).toMatchObject({ what: 'days', need: 182 })
    expect(lacks?.have).toBeGreaterThan(100)
    expect(lacks?.have).toBeLessThan(150)
  })
  it('is hidden where prices go nobody knows where', () => {
    const shown = Array.from({ length: 12 }, (_, seed) => {
      const prices = walk(1_500, 0.02, seed + 1)
      return backtested(history(1_500, (index) => prices[index] ?? 0)).forecast
    }).filter(({ hidden }) => hidden !== 'not-better')
    expect(shown).toEqual([])
  })
  it('is hidden for a price that stands still', () => {
    expect(backtested(history(900, () => 14_500)).forecast).toMatchObject({
      hidden: 'not-better',
      error: 0,
      naiveError: 0,
      points: [],
    })
  })
  it('shows a season that returns, and what came true lies within', () => {
    const noise = walk(1_514, 0.004, 3)
    const price = (index: number) =>
      30_000 * (1 + 0.4 * Math.sin((2 * Math.PI * index) / 60)) * ((noise[index] ?? 1) / 30_000) ** 0.2
    const { forecast } = backtested(history(1_500, price))
    expect(forecast.hidden).toBeNull()
    expect(forecast.error).toBeLessThan((forecast.naiveError ?? 0) * 0.7)
    expect(forecast.points.map(({ day }) => day)).toEqual(daysFrom(addDays(LAST, 1), addDays(LAST, 14)))
    const within = forecast.points.filter(
      ({ low, high }, h) => low <= price(1_500 + h) && price(1_500 + h) <= high,
    )
    expect(within.length).toBeGreaterThanOrEqual(8)
    forecast.points.forEach((point) => {
      expect(point.low).toBeLessThanOrEqual(point.price)
      expect(point.price).toBeLessThanOrEqual(point.high)
    })
  })
  it('does not hang on the order of prices', () => {
    const prices = walk(500, 0.03, 5)
    const points = history(500, (index) => prices[index] ?? 0)
    expect(backtested([...points].reverse()).forecast).toEqual(backtested(points).forecast)
  })
})

describe('over 969 days of red chilli in Malang (PIHPS, 2022-11 to 2025-07)', async () => {
  const file = await readFile(
    new URL('../../cities/malang/history/cabe-rawit-city.csv', import.meta.url),
    'utf8',
  )
  const points = file
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [day = '', , price] = line.split(',')
      return { day, median: Number(price) }
    })
  const { forecast, scores } = backtested(points)

  it('no method clearly beats "same as today", so none is shown', () => {
    expect(points).toHaveLength(969)
    expect(forecast).toMatchObject({ origin: '2025-07-04', hidden: 'not-better', points: [], origins: 104 })
    const errors = Object.fromEntries(
      forecast.backtest.map(({ method, error }) => [method, Math.round(error)]),
    )
    expect(errors).toMatchInlineSnapshot(`
      {
        "drift": 5946,
        "holt": 5640,
        "holt-winters": 5767,
        "naive": 5827,
        "regression": 5622,
        "seasonal-naive": 8410,
      }
    `)
  })
  it('each method is compared with "same as today" at the days that both were asked at', () => {
    const naive = new Map(
      scores.filter(({ method }) => method === 'naive').map(({ origin, error }) => [origin, error]),
    )
    const paired = (method: string) =>
      scores.filter((score) => score.method === method).map(({ origin }) => naive.get(origin) ?? NaN)
    for (const { method, naiveError, origins } of forecast.backtest) {
      expect(paired(method)).toHaveLength(origins)
      expect(naiveError).toBeCloseTo(paired(method).reduce((sum, error) => sum + error, 0) / origins)
    }
    expect(new Set(forecast.backtest.map(({ origins }) => origins)).size).toBeGreaterThan(1)
  })
  it('the naive error is what a second, plain count says', () => {
    const price = new Map(points.map(({ day, median }) => [day, median]))
    const errors = originsBefore('2025-07-04').map((origin) => {
      const off = daysFrom(addDays(origin, 1), addDays(origin, 14)).flatMap((day) => {
        const then = price.get(day)
        return then === undefined ? [] : [Math.abs(then - (price.get(origin) ?? Number.NaN))]
      })
      return off.reduce((sum, one) => sum + one, 0) / off.length
    })
    expect(forecast.naiveError).toBeCloseTo(errors.reduce((sum, one) => sum + one, 0) / errors.length, 6)
  })
  it('an interval from the first year of errors holds about four fifths of the second', () => {
    const naive = scores.filter(({ method }) => method === 'naive').map(({ ratios }) => ratios)
    const learnt = spreads(naive.slice(0, 52), 14)
    const within = naive.slice(52).flatMap((ratios) =>
      ratios.flatMap((ratio, h) => {
        const { low, high } = learnt[h] as { low: number; high: number }
        return ratio === null ? [] : [Math.exp(ratio) >= low && Math.exp(ratio) <= high]
      }),
    )
    const share = within.filter(Boolean).length / within.length
    expect(share).toBeGreaterThan(0.65)
    expect(share).toBeLessThan(0.95)
  })
})
