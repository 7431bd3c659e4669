import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkPrice, checkSellers } from '#contract/quality/index.ts'
import type { EntryOutcome, SubmitResult, SurveyEvent } from '#contract/survey.ts'
import { withTransaction } from '../../database/pool.ts'
import { addDays } from '../days.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes } from '../store.ts'
import { surveyFeed } from './feed.ts'
import { CHILI, DAY, edit, MARKET, testSurveys, type TestSurveys } from './testing/index.ts'

let server: TestSurveys
beforeAll(async () => (server = await testSurveys()))
afterAll(() => server.close())
beforeEach(() => server.clear())

const short = ({ outcome, problem, entry }: EntryOutcome) => [
  outcome,
  problem,
  entry && [entry.version, entry.price],
]
const trail = async (id: number | null) =>
  ((await server.as('leader')('GET', `/api/surveys/${id}/trail`)).json as { events: SurveyEvent[] }).events

describe('what a phone sends', () => {
  it('is stored once, and what is sent again answers what stands', async () => {
    const first = edit({ prices: [60_000, 62_000, 70_000] })
    expect((await server.siti.enter([first])).map(short)).toEqual([['stored', null, [1, 62_000]]])
    const second = edit({ base: 1, prices: [65_000] })
    expect((await server.siti.enter([first, second])).map(short)).toEqual([
      ['duplicate', null, [2, 65_000]],
      ['stored', null, [2, 65_000]],
    ])
    const sheet = await server.siti.sheet()
    expect(sheet).toMatchObject({
      own: true,
      officer: 'Siti',
      locked: false,
      deadline: '2026-07-15T02:00:00.000Z',
    })
    expect(sheet.entries).toMatchObject([{ commodity: CHILI, version: 2, price: 65_000, state: 'draft' }])
    expect((await trail(sheet.id)).map(({ kind, version, actor }) => [kind, version, actor])).toEqual([
      ['begun', null, 'Siti'],
      ['entered', 1, 'Siti'],
      ['entered', 2, 'Siti'],
    ])
  })

  it('never overwrites what another device was faster with', async () => {
    await server.siti.enter([edit({ prices: [60_000] })])
    const [late] = await server.siti.enter([edit({ prices: [61_000] })], undefined, 'tablet')
    expect(late).toMatchObject({
      outcome: 'conflict',
      entry: { version: 1, price: 60_000, device: 'phone' },
    })
    expect((await server.siti.enter([edit({ base: 7 })])).map(short)).toEqual([
      ['conflict', null, [1, 60_000]],
    ])
    expect((await server.siti.enter([edit({ base: 1, prices: [61_000] })])).map(short)).toEqual([
      ['stored', null, [2, 61_000]],
    ])
  })

  it('is shown to whoever works with surveys, not to viewers', async () => {
    await server.siti.enter([edit()])
    const { id } = await server.siti.sheet()
    expect((await server.as('viewer')('GET', `/api/surveys/${id}/trail`)).status).toBe(403)
    expect(await trail(id)).toHaveLength(2)
  })

  it.each<[string, Parameters<typeof edit>[0], EntryOutcome['problem']]>([
    ['a commodity that nobody knows', { commodity: 'unobtainium' }, 'unknown-commodity'],
    ['a commodity with a zero character', { commodity: 'x\0' }, 'unknown-commodity'],
    ['no price', { prices: [] }, 'no-price'],
    ['not sold, yet a price', { answer: 'not-sold', prices: [1_000] }, 'no-price'],
    ['the same as nothing', { answer: 'same', prices: [] }, 'no-price'],
    ['the same as two', { answer: 'same', prices: [1_000, 2_000] }, 'no-price'],
    ['a photo that is not there', { photoId: 999_999 }, 'unknown-photo'],
  ])('is refused for itself where it is %s', async (_name, wrong, problem) => {
    const outcomes = await server.siti.enter([
      edit(wrong),
      edit({ commodity: 'beras-medium', prices: [14_000] }),
    ])
    expect(outcomes.map(short)).toEqual([
      ['refused', problem, null],
      ['stored', null, [1, 14_000]],
    ])
  })

  it.each<[string, object]>([
    ['a price of 0', { prices: [0] }],
    ['a price with a fraction', { prices: [1.5] }],
    ['ten sellers', { prices: Array.from({ length: 10 }, () => 1_000) }],
    ['a photo beyond all numbers', { photoId: 1e300 }],
    ['no id', { clientId: '' }],
  ])('is refused as a whole where it has %s', async (_name, wrong) => {
    expect((await server.siti.raw([{ ...edit(), ...wrong }])).status).toBe(400)
    expect((await server.siti.sheet()).id).toBeNull()
  })

  it('keeps "same" and "not sold" as answers of that day', async () => {
    const [same, none] = await server.siti.enter([
      edit({ answer: 'same', prices: [58_000] }),
      edit({
        commodity: 'beras-medium',
        answer: 'not-sold',
        prices: [],
        stock: 'empty',
        note: 'Kosong 😀 \ud800',
      }),
    ])
    expect(same?.entry).toMatchObject({ answer: 'same', price: 58_000 })
    expect(none?.entry).toMatchObject({ answer: 'not-sold', price: null, stock: 'empty' })
  })

  it.each([
    ['ahead', '2030-01-01T00:00:00Z'],
    ['years behind', '1970-01-01T00:00:00Z'],
    ['out of order', 'yesterday'],
  ])('is not dated by a clock that is %s', async (_name, notedAt) => {
    const [outcome] = await server.siti.enter([edit({ notedAt })])
    expect(outcome?.entry?.notedAt).toBe(new Date(server.time.now).toISOString())
  })

  it('may not use the id of an edit of another survey', async () => {
    const clientId = randomUUID()
    await server.siti.enter([edit({ clientId })])
    const elsewhere = `/api/surveys/pasar-klojen/${DAY}`
    expect((await server.siti.raw([edit({ clientId })], elsewhere)).status).toBe(409)
    expect((await server.siti.sheet(elsewhere)).entries).toEqual([])
  })
})

describe('days and months', () => {
  const at = (day: string) => `/api/surveys/${MARKET}/${day}`
  it('a day to come, none, or of no market is refused', async () => {
    expect((await server.siti.raw([edit()], at('2026-07-16'))).status).toBe(400)
    expect((await server.siti.raw([edit()], at('2026-02-30'))).status).toBe(400)
    expect((await server.siti.raw([edit()], `/api/surveys/kota-malang/${DAY}`)).status).toBe(404)
  })

  it('two weeks back are taken, and not a day more', async () => {
    expect((await server.siti.enter([edit()], at('2026-07-01'))).map(short)).toEqual([
      ['stored', null, [1, 60_000]],
    ])
    expect((await server.siti.enter([edit()], at('2026-06-30'))).map(short)).toEqual([
      ['refused', 'too-late', null],
    ])
    expect((await server.siti.takeOver(at('2026-06-30'))).status).toBe(409)
  })

  it('a closed month takes nothing, and says so of each', async () => {
    await server.siti.enter([edit()], at('2026-07-14'))
    await server.pool.query(
      `INSERT INTO price_lock (month, locked_at, locked_by) VALUES ('2026-07-01', now(), 'x')`,
    )
    expect((await server.siti.enter([edit({ base: 1 })], at('2026-07-14'))).map(short)).toEqual([
      ['refused', 'locked', [1, 60_000]],
    ])
    expect((await server.siti.submit(at('2026-07-14'))).status).toBe(409)
    expect(await server.siti.sheet(at('2026-07-14'))).toMatchObject({ locked: true })
  })
})

describe('an officer', () => {
  it('has to take over what is another one’s, and the trail says so', async () => {
    await server.siti.enter([edit()])
    const refused = await server.budi.raw([edit({ base: 1 })])
    expect(refused).toMatchObject({ status: 409, json: { reason: 'other-officer', officer: 'Siti' } })
    expect((await server.budi.submit()).status).toBe(409)
    expect((await server.budi.takeOver()).json).toMatchObject({ own: true, officer: 'Budi' })
    await server.budi.takeOver()
    await server.budi.enter([edit({ base: 1, prices: [61_000] })])
    expect((await server.siti.raw([edit({ base: 2 })])).status).toBe(409)
    const { id } = await server.budi.sheet()
    expect((await trail(id)).filter(({ kind }) => kind === 'taken-over')).toMatchObject([
      { actor: 'Budi', detail: { from: 'Siti' } },
    ])
  })

  it('learns of what was stored before another one took over', async () => {
    const sent = edit()
    await server.siti.enter([sent])
    await server.budi.takeOver()
    expect((await server.siti.enter([sent])).map(short)).toEqual([['duplicate', null, [1, 60_000]]])
  })

  it.each(['viewer', 'operator', 'leader', undefined] as const)('is not a %s', async (role) => {
    const answers = await Promise.all([
      server.as(role)('GET', `/api/surveys/${MARKET}/${DAY}`),
      server.as(role)('POST', `/api/surveys/${MARKET}/${DAY}/entries`, { device: 'x', entries: [edit()] }),
      server.as(role)('POST', `/api/surveys/${MARKET}/${DAY}/submit`),
      server.as(role)('GET', '/api/surveys/reminders'),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([role === undefined ? 401 : 403]))
  })
})

describe('submission', () => {
  it('takes what is entered, leaves the rest missing, and may come again', async () => {
    await server.siti.enter([edit(), edit({ commodity: 'beras-medium', answer: 'not-sold', prices: [] })])
    const { json } = await server.siti.submit()
    expect((json as SubmitResult).entries.map(({ state }) => state)).toEqual(['submitted', 'submitted'])
    expect((json as SubmitResult).refused).toEqual([])
    expect((await server.siti.submit()).status).toBe(200)
    const { id } = json as SubmitResult
    expect((await trail(id)).filter(({ kind }) => kind === 'submitted')).toHaveLength(2)
  })

  it('is taken back by whoever changes a value before it is verified', async () => {
    await server.siti.enter([edit()])
    await server.siti.submit()
    const [changed] = await server.siti.enter([edit({ base: 1, prices: [61_000] })])
    expect(changed?.entry).toMatchObject({ state: 'draft', version: 2 })
  })

  describe('of a value that looks wrong', () => {
    /** Twenty days of chili at about 60,000 in this market and beside it. */
    beforeEach(async () => {
      await withTransaction(server.pool, async (client) => {
        const { number: feed } = await surveyFeed(client)
        const rows = Array.from({ length: 20 }, (_, back) => addDays(DAY, -1 - back)).flatMap((day, turn) =>
          [MARKET, 'pasar-klojen', 'pasar-blimbing'].map((market) => ({
            market,
            commodity: CHILI,
            day,
            price: 60_000 + (turn % 3) * 500,
            status: 'reported' as const,
            feed,
            reportedAt: null,
          })),
        )
        await renewFigures(client, (await storeQuotes(client, rows, new Date())).touched, { check: false })
      })
    })
    const flags = async () =>
      (
        await server.pool.query<{ price: number; check_name: string; outcome: string | null }>(
          'SELECT price, check_name, outcome FROM quality_flag ORDER BY id',
        )
      ).rows

    it('waits for a reason: the rest is submitted, the phone is told why, and nothing is kept', async () => {
      await server.siti.enter([
        edit({ prices: [6_000] }),
        edit({ commodity: 'beras-medium', prices: [14_000] }),
      ])
      const { refused, entries, items } = (await server.siti.submit()).json as SubmitResult
      expect(refused).toMatchObject([
        {
          commodity: CHILI,
          problem: 'reason-missing',
          findings: [{ check: 'digit-lost', severity: 'error' }],
        },
      ])
      expect(Object.fromEntries(entries.map(({ commodity, state }) => [commodity, state]))).toEqual({
        [CHILI]: 'draft',
        'beras-medium': 'submitted',
      })
      expect(await flags()).toEqual([])
      // The phone comes to the same by itself.
      const item = items.find(({ commodity: { code } }) => code === CHILI)
      expect(item?.previous).toEqual({ day: addDays(DAY, -1), price: 60_000 })
      expect(item && checkPrice(6_000, DAY, item.context)).toEqual(refused[0]?.findings)
    })

    it('is taken with a reason, and what was found is kept for the verifier', async () => {
      await server.siti.enter([edit({ prices: [6_000], insist: '  ' })])
      expect(((await server.siti.submit()).json as SubmitResult).refused).toHaveLength(1)
      await server.siti.enter([edit({ base: 1, prices: [6_000], insist: 'Sold off, all sellers say so.' })])
      expect(((await server.siti.submit()).json as SubmitResult).refused).toEqual([])
      expect(await flags()).toEqual([{ price: 6_000, check_name: 'digit-lost', outcome: null }])
    })

    it('of one seller among several is asked about too, and mended although the median is the same', async () => {
      await server.siti.enter([edit({ prices: [60_000, 6_000, 60_500] })])
      const { refused, items } = (await server.siti.submit()).json as SubmitResult
      const item = items.find(({ commodity: { code } }) => code === CHILI)
      expect(item && checkSellers([60_000, 6_000, 60_500], DAY, item.context)).toEqual(refused[0]?.findings)
      expect(refused).toMatchObject([
        { findings: [{ check: 'digit-lost', severity: 'warning', facts: { seller: 6_000, meant: 60_000 } }] },
      ])
      await server.siti.enter([edit({ base: 1, prices: [60_000, 6_000, 60_500], insist: 'So he says.' })])
      await server.siti.submit()
      expect(await flags()).toEqual([{ price: 60_000, check_name: 'digit-lost', outcome: null }])
      await server.siti.enter([edit({ base: 2, prices: [60_000, 59_500, 60_500] })])
      await server.siti.submit()
      expect(await flags()).toEqual([{ price: 60_000, check_name: 'digit-lost', outcome: 'error' }])
    })

    it('was an error once its officer has replaced it', async () => {
      await server.siti.enter([edit({ prices: [6_000], insist: 'So they say.' })])
      await server.siti.submit()
      await server.siti.enter([edit({ base: 1, prices: [60_500] })])
      await server.siti.submit()
      expect(await flags()).toEqual([{ price: 6_000, check_name: 'digit-lost', outcome: 'error' }])
    })
  })

  it('of nothing is not found', async () => expect((await server.siti.submit()).status).toBe(404))
})

describe('at the same time', () => {
  it('of twenty devices with the same base one is stored, and the others are told', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        server.siti.enter([edit({ prices: [60_000 + place] })], undefined, `device ${place}`),
      ),
    )
    const outcomes = answers.flat().map(({ outcome }) => outcome)
    expect(outcomes.filter((one) => one === 'stored')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'conflict')).toHaveLength(19)
    const winner = answers.flat().find(({ outcome }) => outcome === 'stored')
    expect((await server.siti.sheet()).entries).toMatchObject([{ version: 1, price: winner?.entry?.price }])
    expect(new Set(answers.flat().map(({ entry }) => entry?.price))).toEqual(new Set([winner?.entry?.price]))
  })

  it('the same edit sent ten times is stored once', async () => {
    const sent = edit()
    const answers = (await Promise.all(Array.from({ length: 10 }, () => server.siti.enter([sent])))).flat()
    expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(9)
    expect(
      (await trail((await server.siti.sheet()).id)).filter(({ kind }) => kind === 'entered'),
    ).toHaveLength(1)
  })

  it('two officers begin: one has it', async () => {
    const answers = await Promise.all([server.siti.raw([edit()]), server.budi.raw([edit()])])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})
