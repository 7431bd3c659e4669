import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SurveyEntry, SurveyEvent, SurveySheet, VerifyResult } from '#contract/survey.ts'
import { CHILI, DAY, edit, MARKET, testSurveys, type TestSurveys } from './testing/index.ts'

const RICE = 'beras-medium'
let server: TestSurveys
beforeAll(async () => (server = await testSurveys()))
afterAll(() => server.close())
beforeEach(() => server.clear())

const result = ({ json }: { json: unknown }) => json as VerifyResult
const quotes = async () =>
  (
    await server.pool.query<{
      commodity: string
      price: number
      author: string
      status: string
      feed: string
    }>(
      `SELECT q.commodity, q.price, q.author, q.status, f.id AS feed FROM quote q JOIN feed f ON f.number = q.feed
       ORDER BY q.commodity, q.revision`,
    )
  ).rows
const count = async (table: string) =>
  (await server.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n
const byHand = () =>
  server.pool.query(
    `INSERT INTO price_setting (key, value, changed_by, changed_at) VALUES ('publish', '"by-hand"', 'x', now())`,
  )
const closeMonth = () =>
  server.pool.query(`INSERT INTO price_lock (month, locked_at, locked_by) VALUES ('2026-07-01', now(), 'x')`)
/** Siti's survey: chili and rice submitted, eggs not sold. */
const submitted = async (): Promise<{
  id: number
  chili: SurveyEntry
  rice: SurveyEntry
  eggs: SurveyEntry
}> => {
  await server.siti.enter([
    edit({ prices: [60_000, 62_000] }),
    edit({ commodity: RICE, prices: [14_000] }),
    edit({ commodity: 'telur-ayam-ras', answer: 'not-sold', prices: [] }),
  ])
  const { id, entries } = (await server.siti.submit()).json as SurveySheet
  const [chili, rice, eggs] = [CHILI, RICE, 'telur-ayam-ras'].map((code) =>
    entries.find(({ commodity }) => commodity === code),
  )
  if (id === null || !chili || !rice || !eggs) throw new Error('not submitted')
  return { id, chili, rice, eggs }
}
const states = async () =>
  Object.fromEntries((await server.siti.sheet()).entries.map(({ commodity, state }) => [commodity, state]))

describe('verifying', () => {
  it('takes nothing that was found wrong, until somebody says that it is true after all', async () => {
    const { id, chili, rice } = await submitted()
    const found = (outcome: string) =>
      server.pool.query(
        `INSERT INTO quality_flag (day, commodity, market, feed, price, check_name, severity, facts, raised_at, outcome,
           outcome_by, outcome_at)
         SELECT $1, $2, $3, number, 14000, 'jump', 'warning', '{}', now(), $4, 'x', now() FROM feed WHERE id = 'survey'
         ON CONFLICT (commodity, day, market, feed, check_name, price) DO UPDATE SET outcome = $4`,
        [DAY, RICE, MARKET, outcome],
      )
    await found('error')
    expect(result(await server.officer.verify(id, chili, rice))).toEqual({
      done: 1,
      refused: [{ surveyId: id, commodity: RICE, why: 'wrong' }],
    })
    await found('genuine')
    expect(result(await server.officer.verify(id, rice)).done).toBe(1)
  })

  it('publishes at once: quotes of the survey by their officer, the figures of the city, and word to the screens', async () => {
    const { id, chili, rice, eggs } = await submitted()
    expect(result(await server.officer.verify(id, chili, rice, eggs))).toEqual({ done: 3, refused: [] })
    expect(await quotes()).toEqual([
      { commodity: RICE, price: 14_000, author: 'Siti', status: 'reported', feed: 'survey' },
      { commodity: CHILI, price: 61_000, author: 'Siti', status: 'reported', feed: 'survey' },
    ])
    expect(await states()).toEqual({
      [CHILI]: 'published',
      [RICE]: 'published',
      'telur-ayam-ras': 'published',
    })
    expect(server.told).toHaveLength(1)
    expect(server.told[0]).toMatchObject({ latestDay: DAY, city: [{ median: 14_000 }, { median: 61_000 }] })
    expect([await count('market_price'), await count('indicator_due'), await count('quality_due')]).toEqual([
      2, 2, 2,
    ])
    const { json } = await server.as('leader')('GET', `/api/surveys/${id}/trail`)
    const { events } = json as { events: SurveyEvent[] }
    expect(
      events.filter(({ commodity }) => commodity === CHILI).map(({ kind, actor }) => [kind, actor]),
    ).toEqual([
      ['entered', 'Siti'],
      ['submitted', 'Siti'],
      ['verified', 'Rina'],
      ['published', 'Rina'],
    ])
  })

  it('waits with publishing where that is a step of its own', async () => {
    await byHand()
    const { id, chili, rice } = await submitted()
    await server.officer.verify(id, chili, rice)
    expect(await quotes()).toEqual([])
    expect(server.told).toEqual([])
    const publish = () => server.officer.send('POST', '/api/surveys/publish', { day: DAY })
    expect((await publish()).json).toEqual({ published: 2 })
    expect(await quotes()).toHaveLength(2)
    expect((await publish()).json).toEqual({ published: 0 })
    expect((await states())['telur-ayam-ras']).toBe('submitted')
  })

  it('tells of what changed, is not submitted or is not there, and does the rest', async () => {
    const { id, chili, rice, eggs } = await submitted()
    await server.siti.enter([edit({ base: 1, prices: [99_000] })])
    await server.siti.submit()
    await server.officer.sendBack(id, eggs)
    const answer = await server.officer.verify(id, chili, rice, rice, eggs, { commodity: 'x\0', version: 1 })
    expect(result(answer)).toEqual({
      done: 1,
      refused: [
        { surveyId: id, commodity: CHILI, why: 'changed' },
        { surveyId: id, commodity: 'telur-ayam-ras', why: 'state' },
        { surveyId: id, commodity: 'x\0', why: 'state' },
      ],
    })
    expect((await server.officer.verify(9_007_199_254_740_991, chili)).json).toMatchObject({
      done: 0,
      refused: [{ why: 'state' }],
    })
    expect((await quotes()).map(({ price }) => price)).toEqual([14_000])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['they entered and submitted', () => Promise.resolve()],
    ['they entered, and somebody took over', () => server.siti.takeOver()],
    [
      'they entered, and somebody changed',
      async () => {
        await server.siti.takeOver()
        await server.siti.enter([edit({ base: 1, note: 'the same' })])
        await server.siti.submit()
      },
    ],
  ])('nobody does it to what %s', async (_name, afterwards) => {
    await server.officer.enter([edit()])
    await server.officer.submit()
    await afterwards()
    const { id, entries } = await server.officer.sheet()
    expect(result(await server.officer.verify(id ?? 0, ...entries)).refused).toMatchObject([{ why: 'own' }])
    expect(result(await server.other.verify(id ?? 0, ...entries)).done).toBe(1)
  })

  it('nobody does it to what they submitted for somebody else, who took it back', async () => {
    await server.siti.enter([edit()])
    await server.officer.takeOver()
    await server.officer.submit()
    await server.siti.takeOver()
    const { id, entries } = await server.officer.sheet()
    expect(result(await server.officer.verify(id ?? 0, ...entries)).refused).toMatchObject([{ why: 'own' }])
    expect(result(await server.other.verify(id ?? 0, ...entries)).done).toBe(1)
  })

  it('nobody does it to a survey that is theirs by now', async () => {
    const { id, chili } = await submitted()
    await server.officer.takeOver()
    expect(result(await server.officer.verify(id, chili)).refused).toMatchObject([{ why: 'own' }])
  })

  it('where the account is gone the name tells', async () => {
    await server.pool.query(
      `INSERT INTO survey (market, day, officer_id, officer, begun_at) VALUES ($1, $2, NULL, 'Rina', now())`,
      [MARKET, DAY],
    )
    await server.officer.enter([edit()])
    await server.officer.submit()
    await server.pool.query('UPDATE survey_entry SET author_id = NULL')
    await server.pool.query('UPDATE survey_event SET actor_id = NULL')
    const { id, entries } = await server.officer.sheet()
    expect(result(await server.officer.verify(id ?? 0, ...entries)).refused).toMatchObject([{ why: 'own' }])
    expect(result(await server.other.verify(id ?? 0, ...entries)).done).toBe(1)
  })

  it('is refused in a closed month, and so is publishing', async () => {
    await byHand()
    const { id, chili, rice } = await submitted()
    await server.officer.verify(id, rice)
    await closeMonth()
    expect(result(await server.officer.verify(id, chili)).refused).toMatchObject([{ why: 'locked' }])
    expect((await server.officer.send('POST', '/api/surveys/publish', { day: DAY })).status).toBe(409)
    expect(await quotes()).toEqual([])
    expect(await states()).toMatchObject({ [CHILI]: 'submitted', [RICE]: 'verified' })
  })

  it('ends what a phone may change: the rest is a correction', async () => {
    const { id, chili } = await submitted()
    await server.officer.verify(id, chili)
    const [late] = await server.siti.enter([edit({ base: 1, prices: [1] })])
    expect(late).toMatchObject({ outcome: 'refused', problem: 'too-late', entry: { price: 61_000 } })
  })

  it.each(['surveyor', 'leader', 'viewer', 'operator', undefined] as const)(
    'is not for a %s',
    async (role) => {
      const send = server.as(role)
      const entries = [{ surveyId: 1, commodity: CHILI, version: 1 }]
      const answers = [
        await send('POST', '/api/surveys/verify', { entries }),
        await send('POST', '/api/surveys/send-back', { entries, reason: 'because' }),
        await send('POST', '/api/surveys/publish', { day: DAY }),
        await send('GET', '/api/surveys/verification'),
      ]
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([role === undefined ? 401 : 403]))
    },
  )
})

describe('sending back', () => {
  it('gives the reason, and what was sent back is entered again before it is submitted', async () => {
    const { id, chili } = await submitted()
    expect(result(await server.officer.sendBack(id, chili)).done).toBe(1)
    await server.siti.submit()
    const entryOf = async () =>
      (await server.siti.sheet()).entries.find(({ commodity }) => commodity === CHILI)
    expect(await entryOf()).toMatchObject({ state: 'sent-back', sentBackReason: 'Ask once more, please.' })
    await server.siti.enter([edit({ base: 1, prices: [63_000] })])
    expect(await entryOf()).toMatchObject({ state: 'draft', sentBackReason: 'Ask once more, please.' })
    await server.siti.submit()
    expect(await entryOf()).toMatchObject({ state: 'submitted', sentBackReason: '', version: 2 })
  })

  it('takes a verification back that was not published', async () => {
    await byHand()
    const { id, chili } = await submitted()
    await server.officer.verify(id, chili)
    expect(result(await server.other.sendBack(id, chili)).done).toBe(1)
    const entry = (await server.siti.sheet()).entries.find(({ commodity }) => commodity === CHILI)
    expect(entry).toMatchObject({ state: 'sent-back', verifiedBy: null })
    expect((await server.officer.send('POST', '/api/surveys/publish', { day: DAY })).json).toEqual({
      published: 0,
    })
  })
})

describe('at the same time', () => {
  it('two verify: each entry is verified and published once', async () => {
    const { id, chili, rice, eggs } = await submitted()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        (turn % 2 === 0 ? server.officer : server.other).verify(id, chili, rice, eggs),
      ),
    )
    expect(answers.map((answer) => result(answer).done).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 3])
    expect(await quotes()).toHaveLength(2)
    expect(await count(`survey_event WHERE kind = 'verified'`)).toBe(3)
  })

  it('one edits, one verifies: what is published is what was verified', async () => {
    for (let turn = 0; turn < 10; turn++) {
      await server.clear()
      const { id, chili } = await submitted()
      const [verified, [changed]] = await Promise.all([
        server.officer.verify(id, chili),
        server.siti.enter([edit({ base: 1, prices: [1_000] })]),
      ])
      const wasVerified = result(verified).done === 1
      expect(changed?.outcome).toBe(wasVerified ? 'refused' : 'stored')
      expect((await quotes()).map(({ price }) => price)).toEqual(wasVerified ? [61_000] : [])
    }
  })

  it('one sends back, one verifies: one of them', async () => {
    for (let turn = 0; turn < 10; turn++) {
      await server.clear()
      const { id, chili } = await submitted()
      const [verified, back] = await Promise.all([
        server.officer.verify(id, chili),
        server.other.sendBack(id, chili),
      ])
      expect(result(verified).done + result(back).done).toBe(1)
      expect(await quotes()).toHaveLength(result(verified).done)
    }
  })

  it('the month is closed: what is published was published before', async () => {
    await byHand()
    server.time.now = Date.parse('2026-07-15T08:00:00+07:00')
    const { id, chili, rice } = await submitted()
    await server.officer.verify(id, chili, rice)
    // A month that is over, as its closing asks for.
    await server.pool.query(`UPDATE survey SET day = '2026-06-30'`)
    const [published, closed] = await Promise.all([
      server.officer.send('POST', '/api/surveys/publish', { day: '2026-06-30' }),
      server.other.send('POST', '/api/prices/locks', { month: '2026-06', reason: 'over' }),
    ])
    expect(closed.status).toBeLessThan(300)
    expect([200, 409]).toContain(published.status)
    expect(await quotes()).toHaveLength(published.status === 200 ? 2 : 0)
    expect((await server.officer.send('POST', '/api/surveys/publish', { day: '2026-06-30' })).status).toBe(
      published.status,
    )
  })

  it('surveys of several markets are verified in any order without waiting for each other for ever', async () => {
    const markets = server.pack.markets.filter(({ level }) => level === 'market').map(({ code }) => code)
    const refs = await Promise.all(
      markets.map(async (market) => {
        const at = `/api/surveys/${market}/${DAY}`
        await server.siti.enter([edit()], at)
        const { id } = (await server.siti.submit(at)).json as SurveySheet
        return { surveyId: id, commodity: CHILI, version: 1 }
      }),
    )
    const verify = (entries: typeof refs) => server.officer.send('POST', '/api/surveys/verify', { entries })
    const answers = await Promise.all([verify(refs), verify([...refs].reverse()), verify(refs)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.reduce((sum, answer) => sum + result(answer).done, 0)).toBe(markets.length)
    expect(await quotes()).toHaveLength(markets.length)
  })
})
