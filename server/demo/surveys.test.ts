import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Coverage, Verification } from '#contract/survey.ts'
import { readHistory, type CityPack } from '../cities/index.ts'
import { addDays } from '../prices/index.ts'
import { testSurveys, type TestSurveys } from '../prices/survey/testing/index.ts'
import { readLevels } from './levels.ts'
import { pastSurveys, todaysSurveys, type PlannedSurvey, type Planning } from './survey-plan.ts'
import { DemoSurveys } from './surveys.ts'

const TODAY = '2026-07-15'
const NOON = Date.parse('2026-07-15T12:00:00+07:00')
let server: TestSurveys
let planning: Planning
let pack: CityPack
let demoDay = addDays(TODAY, -14)
let surveys: DemoSurveys

beforeAll(async () => {
  server = await testSurveys()
  server.time.now = NOON
  pack = server.pack
  planning = { seed: 1, pack, levels: await readLevels(pack, readHistory('malang')) }
  surveys = new DemoSurveys({ ...planning, ...server.context }, () => demoDay)
  await surveys.make()
})
afterAll(() => server.close())
const ask = async (url: string) => (await server.officer.send('GET', url)).json
const count = async (sql: string) =>
  (await server.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? 0

describe('what the officers did today', () => {
  const entriesOf = (which: (entry: PlannedSurvey['entries'][number]) => boolean) =>
    todaysSurveys(planning, TODAY).flatMap(({ entries }) => entries.filter(which))

  it('has a lost zero and a price per ons among it, each found by the checks and stood by', () => {
    const slips = entriesOf(({ findings }) => findings.some(({ check }) => check === 'digit-lost'))
    expect(slips.map(({ commodity, findings }) => [commodity, findings[0]?.facts['perOns'] ?? null])).toEqual(
      [
        ['minyak-goreng-curah', null],
        ['cabai-rawit-merah', 1],
      ],
    )
    expect(slips.every(({ insist }) => insist.length > 2)).toBe(true)
  })

  it('is found wrong nowhere else but where a price jumped', () => {
    const graver = entriesOf(({ findings }) => findings.some(({ severity }) => severity !== 'info'))
    expect(graver.length).toBeGreaterThanOrEqual(4)
    expect(graver.length).toBeLessThan(12)
  })
})

it('asks what the portals’ markets ask, and the sellers’ median is the price', () => {
  for (const { entries } of pastSurveys(planning, addDays(TODAY, -3)))
    for (const { prices, price, answer } of entries) {
      expect(prices).toHaveLength(answer === 'price' ? 3 : answer === 'same' ? 1 : 0)
      expect(price).toBe(answer === 'not-sold' ? null : prices[0])
    }
})

it('is there at the first start: of most markets over ten days, and of today as far as it is', async () => {
  const { markets } = (await ask('/api/prices/coverage')) as Coverage
  const states = markets.map(({ state }) => state)
  expect(states.filter((state) => state === 'submitted').length).toBeGreaterThanOrEqual(7)
  expect(states.filter((state) => state === 'none')).toHaveLength(3)
  expect(states).toEqual(expect.arrayContaining(['sent-back', 'draft']))
  expect(markets.filter(({ late }) => late).length).toBeGreaterThanOrEqual(3)
  expect(markets.filter(({ punctual30d }) => (punctual30d ?? 0) > 0.5).length).toBeGreaterThan(8)
  const { items } = (await ask('/api/surveys/verification')) as Verification
  expect(items.length).toBeGreaterThan(150)
  expect(items.slice(0, 2).map(({ flags }) => flags[0]?.check)).toEqual(['digit-lost', 'digit-lost'])
  expect(items.every(({ own, entry }) => !own && entry.author !== '')).toBe(true)
  expect(await count(`survey_event WHERE at > '2026-07-15T12:00:00+07:00'`)).toBe(0)
})

it('is published as the demo’s days pass, and no further', async () => {
  expect(await count('quote')).toBe(0)
  demoDay = addDays(TODAY, -7)
  expect(await surveys.follow()).toBeGreaterThan(500)
  expect(await surveys.follow()).toBe(0)
  const { rows } = await server.pool.query<{ first: string; last: string; demo: boolean }>(
    `SELECT min(day) AS first, max(day) AS last, bool_and(f.demo) AS demo FROM quote q JOIN feed f ON f.number = q.feed`,
  )
  expect(rows).toEqual([{ first: addDays(TODAY, -10), last: demoDay, demo: true }])
  demoDay = TODAY
  await surveys.follow()
  expect(await count(`survey_entry WHERE state = 'verified'`)).toBe(0)
  expect(await count(`quote WHERE day = '${TODAY}'`)).toBe(0)
})

it('is made once, and beside what people enter', async () => {
  const before = await count('survey_event')
  await surveys.make()
  expect(await count('survey_event')).toBe(before)
})
