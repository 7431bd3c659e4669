import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#contract/viewer.ts'
import type { Coverage, SurveyMarkets, SurveyReminders, SurveySheet } from '#contract/survey.ts'
import { coveredBy, punctuality } from './coverage.ts'
import { deadlineOf, deadlineOn, reminderOf } from './deadline.ts'
import { CHILI, DAY, edit, MARKET, MORNING, testSurveys, type TestSurveys } from './testing/index.ts'

const WIB = 'Asia/Jakarta'
const SETTINGS = { deadline: '09:00', reminderMinutes: 60 }
const MINUTE = 60_000

describe('a deadline', () => {
  it('is of the city’s clock', () => {
    const { deadline, reminderFrom } = deadlineOf(DAY, SETTINGS, WIB)
    expect([deadline.toISOString(), reminderFrom.toISOString()]).toEqual([
      '2026-07-15T02:00:00.000Z',
      '2026-07-15T01:00:00.000Z',
    ])
  })

  it.each<[string, number, number, ReturnType<typeof reminderOf>]>([
    ['long before', -61, 0, null],
    ['from when reminders begin', -60, 0, 'soon'],
    ['a moment before', -1, 24, 'soon'],
    ['at it', 0, 24, 'late'],
    ['long after', 600, 24, 'late'],
    ['with all submitted', 600, 25, null],
  ])('%s', (_name, minutes, submitted, kind) => {
    const times = deadlineOf(DAY, SETTINGS, WIB)
    const now = new Date(times.deadline.getTime() + minutes * MINUTE)
    expect(reminderOf({ due: 25, submitted }, times, now)).toBe(kind)
  })
})

it.each([
  ['2026-07-10', '09:00'],
  ['2026-07-11', '10:00'],
  ['2026-07-14', '10:00'],
  ['2026-07-15', '08:00'],
])('the deadline of %s was %s', (day, deadline) => {
  const changes = [
    { day: '2026-07-11', before: '09:00' },
    { day: '2026-07-15', before: '10:00' },
  ]
  expect(deadlineOn(day, changes, '08:00')).toBe(deadline)
})

describe('punctuality', () => {
  const deadline = (day: string) => deadlineOf(day, SETTINGS, WIB)
  const on = (day: string, time: string | null) => ({
    day,
    submittedAt: time === null ? null : new Date(`${day}T${time}:00+07:00`),
  })
  it.each<[string, ReturnType<typeof on>[], number | null]>([
    ['never surveyed', [], null],
    ['in time each day', [on('2026-07-13', '08:59'), on('2026-07-14', '09:00')], 1],
    ['one late', [on('2026-07-13', '09:01'), on('2026-07-14', '08:00')], 0.5],
    ['one never submitted', [on('2026-07-13', null), on('2026-07-14', '08:00')], 0.5],
    ['a day without', [on('2026-07-11', '08:00'), on('2026-07-14', '08:00')], 0.5],
  ])('%s', (_name, past, share) => expect(punctuality(DAY, past, deadline)).toBe(share))
})

it('counts what an officer entered of what is due, and not what they entered beside it', () => {
  const at = new Date(MORNING)
  const entry = (commodity: string) => ({
    commodity,
    state: 'draft' as const,
    answer: 'price' as const,
    receivedAt: at,
    submittedAt: null,
  })
  const survey = {
    id: 1,
    market: MARKET,
    officer: { id: 1, name: 'Siti' },
    begunAt: at,
    entries: [entry('a'), entry('z')],
  }
  const covered = coveredBy(survey, new Set(['a', 'b']), { deadline: new Date(MORNING + 1) }, at)
  expect(covered).toMatchObject({ due: 2, entered: 1, missing: ['b'], late: false, submittedAt: null })
})

describe('the board', () => {
  let server: TestSurveys
  beforeAll(async () => (server = await testSurveys()))
  afterAll(() => server.close())
  beforeEach(() => server.clear())
  const board = async (day?: string) =>
    (await server.as('viewer')('GET', `/api/prices/coverage${day === undefined ? '' : `?day=${day}`}`))
      .json as Coverage
  const market = async (day?: string) =>
    (await board(day)).markets.find(({ market: { code } }) => code === MARKET)

  it('shows each market of the city, with what it did by when', async () => {
    expect((await board()).markets).toHaveLength(14)
    expect(await market()).toMatchObject({
      state: 'none',
      entered: 0,
      officer: null,
      late: false,
      punctual30d: null,
    })
    await server.siti.enter([edit(), edit({ commodity: 'beras-medium', answer: 'not-sold', prices: [] })])
    server.time.now = MORNING + 61 * MINUTE
    expect(await market()).toMatchObject({ state: 'draft', late: true, submittedAt: null })
    await server.siti.submit()
    const { id, entries } = await server.siti.sheet()
    await server.officer.verify(id ?? 0, ...entries.filter(({ commodity }) => commodity === CHILI))
    expect(await market()).toMatchObject({
      surveyId: id,
      officer: 'Siti',
      state: 'submitted',
      entered: 2,
      submitted: 1,
      published: 1,
      notSold: 1,
      firstAt: new Date(MORNING).toISOString(),
      submittedAt: new Date(MORNING + 61 * MINUTE).toISOString(),
      late: true,
      otherSources: 0,
    })
    const { due, missing } = (await market()) ?? { due: 0, missing: [] }
    expect(missing).toHaveLength(due - 2)
  })

  it('remembers the first submission, and counts it the days after', async () => {
    await server.siti.enter([edit()])
    await server.siti.submit()
    await server.siti.enter([edit({ base: 1 })])
    server.time.now = MORNING + 2 * 60 * MINUTE
    await server.siti.submit()
    expect(await market()).toMatchObject({ late: false, submittedAt: new Date(MORNING).toISOString() })
    await server.pool.query(`UPDATE survey SET day = day - 4`)
    await server.pool.query(`UPDATE survey_entry SET submitted_at = submitted_at - interval '4 days'`)
    expect(await market()).toMatchObject({ punctual30d: 0.25 })
  })

  it('judges a day by the deadline that it had, however it is moved later', async () => {
    server.time.now = MORNING + 61 * MINUTE
    await server.siti.enter([edit()])
    await server.siti.submit()
    await server.pool.query(`UPDATE survey SET day = day - 1`)
    await server.pool.query(`UPDATE survey_entry SET submitted_at = submitted_at - interval '1 day'`)
    const settings = (await server.as('admin')('GET', '/api/settings/prices')).json as object
    const moved = { ...settings, deadline: '23:00' }
    expect((await server.as('admin')('PUT', '/api/settings/prices', moved)).status).toBe(200)
    expect(await market()).toMatchObject({ punctual30d: 0 })
    expect(await market('2026-07-14')).toMatchObject({ late: true })
    expect([(await board()).deadline, (await board('2026-07-14')).deadline]).toEqual([
      '2026-07-15T16:00:00.000Z',
      '2026-07-14T02:00:00.000Z',
    ])
  })

  it('says how much other sources have', async () => {
    await server.pool.query(
      `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('p', 'prices', 'pull', 'x', 'P') ON CONFLICT DO NOTHING`,
    )
    await server.pool.query(
      `INSERT INTO quote (day, market, commodity, feed, price) SELECT $1, $2, unnest($3::text[]), number, 1000 FROM feed WHERE id = 'p'`,
      [DAY, MARKET, [CHILI, 'beras-medium']],
    )
    expect(await market()).toMatchObject({ otherSources: 2, state: 'none' })
  })

  it('is not for guests, nor about days to come', async () => {
    expect((await server.as()('GET', '/api/prices/coverage')).status).toBe(401)
    expect((await server.as('viewer')('GET', '/api/prices/coverage?day=2026-07-16')).status).toBe(400)
  })

  it('the phone lists the same', async () => {
    await server.siti.enter([edit()])
    const list = async (who = server.siti) =>
      ((await who.send('GET', '/api/surveys/markets')).json as SurveyMarkets).markets.find(
        (one) => one.market.code === MARKET,
      )
    expect(await list()).toMatchObject({ state: 'draft', officer: 'Siti', own: true, entered: 1 })
    expect(await list(server.budi)).toMatchObject({ own: false })
  })

  describe('reminders', () => {
    const of = async (role: Role, name: string) =>
      ((await server.as(role, name)('GET', '/api/surveys/reminders')).json as SurveyReminders).reminders
    const kinds = async (role: Role, name: string) =>
      Object.fromEntries((await of(role, name)).map(({ market: { code }, kind }) => [code, kind]))

    it('are of one’s own markets, of nobody’s, and for those who verify of all', async () => {
      await server.budi.enter([edit()], `/api/surveys/${MARKET}/2026-07-14`)
      expect(Object.keys(await kinds('surveyor', 'Budi'))).toHaveLength(14)
      expect(await kinds('surveyor', 'Siti')).not.toHaveProperty(MARKET)
      expect(await kinds('market-officer', 'Rina')).toHaveProperty(MARKET, 'soon')
    })

    it('turn from soon to late, and end with the submission of all that is due', async () => {
      await server.as('admin')('PUT', `/api/settings/survey-due?market=${MARKET}`, { commodities: [CHILI] })
      expect((await kinds('surveyor', 'Siti'))[MARKET]).toBe('soon')
      server.time.now = MORNING + 60 * MINUTE
      expect((await kinds('surveyor', 'Siti'))[MARKET]).toBe('late')
      await server.siti.enter([edit()])
      expect((await of('surveyor', 'Siti')).find(({ market: { code } }) => code === MARKET)).toMatchObject({
        due: 1,
        entered: 1,
      })
      await server.siti.submit()
      expect(await kinds('surveyor', 'Siti')).not.toHaveProperty(MARKET)
    })

    it('do not begin at night', async () => {
      server.time.now = MORNING - MINUTE
      expect(await of('admin', 'admin')).toEqual([])
    })
  })

  describe('what is due', () => {
    const url = `/api/settings/survey-due?market=${MARKET}`
    const set = (commodities: string[]) => server.as('admin')('PUT', url, { commodities })

    it('is the city’s list until somebody sets another one, and again when that is emptied', async () => {
      const usual = (await server.as('viewer')('GET', url)).json
      expect((await set([CHILI, 'beras-medium', CHILI])).json).toEqual({
        commodities: ['beras-medium', CHILI],
      })
      const { items } = (await server.siti.sheet()) satisfies SurveySheet
      expect(items.map(({ commodity: { code } }) => code)).toEqual(['beras-medium', CHILI])
      expect((await set([])).json).toEqual(usual)
      const { rows } = await server.pool.query(
        `SELECT subject FROM audit WHERE action = 'survey-due-changed'`,
      )
      expect(rows.length).toBeGreaterThanOrEqual(2)
    })

    it('is set by administrators, of known commodities and markets', async () => {
      expect((await set(['unobtainium'])).status).toBe(400)
      expect((await server.as('market-officer')('PUT', url, { commodities: [] })).status).toBe(403)
      expect((await server.as('admin')('GET', '/api/settings/survey-due?market=none')).status).toBe(404)
    })

    it('is set by two at once without a fault', async () => {
      const answers = await Promise.all([set([CHILI]), set([CHILI, 'beras-medium']), set([CHILI])])
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    })
  })
})
