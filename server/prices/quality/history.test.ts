import { beforeAll, expect, it } from 'vitest'
import { loadPack, readHistory } from '../../cities/index.ts'
import { scanSeries, type DayPrice } from './scan.ts'

/** The real history: ten years of producers' prices as they were typed, and what other sources published. */
interface Scanned {
  feed: string
  commodity: string
  market: string
  values: number
  flagged: ReturnType<typeof scanSeries>
}
let scanned: Scanned[]

beforeAll(async () => {
  const pack = await loadPack('malang')
  const goods = new Map(pack.commodities.map((one) => [one.code, one]))
  const series = new Map<string, DayPrice[]>()
  for await (const { feed, commodity, market, day, price } of readHistory('malang')) {
    const key = [feed, commodity, market].join(' ')
    const values = series.get(key) ?? []
    values.push({ day, price })
    series.set(key, values)
  }
  scanned = [...series].map(([key, values]) => {
    const [feed = '', commodity = '', market = ''] = key.split(' ')
    const { plausibleMin: min = 1, plausibleMax: max = 1, unit = '' } = goods.get(commodity) ?? {}
    const around = { range: { min, max }, others: [], othersMoved: 0, season: [], unit }
    return { feed, commodity, market, values: values.length, flagged: scanSeries(values, () => around) }
  })
})

const beef = () => {
  const series = scanned.find(
    ({ commodity, market }) => commodity === 'daging-sapi' && market === 'ud-rph-kota-malang',
  )
  return series?.flagged ?? []
}

it('finds the beef of UD RPH Kota Malang that lost a zero in 2020, on every day of it', () => {
  const days = beef().filter(({ price }) => price === 9_600)
  expect(days).toHaveLength(21)
  expect([days[0]?.day, days.at(-1)?.day]).toEqual(['2020-07-19', '2020-08-08'])
  for (const { findings } of days)
    expect(findings).toMatchObject([{ check: 'digit-lost', severity: 'error', facts: { meant: 96_000 } }])
})

it('finds the one that began on 2026-07-31, up to the last day: what stays wrong does not become usual', () => {
  const days = beef().filter(({ price }) => price === 13_000)
  expect([days[0]?.day, days.at(-1)?.day, days.length]).toEqual(['2026-07-31', '2026-08-19', 20])
  for (const { findings } of days)
    expect(findings).toMatchObject([{ check: 'digit-lost', severity: 'error', facts: { meant: 130_000 } }])
})

it('raises no storm on the rest: a flag in two hundred values, and of those that are surely wrong nearly all are', () => {
  const values = scanned.reduce((sum, one) => sum + one.values, 0)
  const flagged = scanned.flatMap((one) => one.flagged)
  expect(values).toBeGreaterThan(90_000)
  expect(flagged.length / values).toBeLessThan(1 / 200)
  // Ten years and 17 places of producers: under two flags a place and year, the two faults above included.
  const producer = scanned.filter(({ feed }) => feed === 'history:producer').flatMap((one) => one.flagged)
  expect(producer.length).toBeLessThan(17 * 10 * 2)
  // A mended value lies within what a unit can cost: of every slip but a few.
  const slips = flagged.flatMap(({ findings }) => findings.filter(({ facts }) => facts.meant !== undefined))
  const near = slips.filter(
    ({ facts }) => Math.abs(Math.log(Number(facts.meant) / Number(facts.level))) < Math.log(1.5),
  )
  expect(near.length / slips.length).toBeGreaterThan(0.98)
})
