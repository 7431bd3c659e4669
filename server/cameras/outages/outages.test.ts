import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Incident, OutageDetail } from '#contract/outages.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'

let server: TestCameras
let operator: Send
let admin: Send
let cameras: number[]
/** a day apart from each other, the last one open */
let outages: number[]
const DAY = 86_400_000
const START = Date.parse('2026-07-10T00:00:00Z')
const day = (count: number) => new Date(START + count * DAY)

beforeAll(async () => {
  server = await testCameras({ GUESTS_MAY_LOOK: 'yes' })
  operator = server.as('operator')
  admin = server.as('admin')
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.pool.query('TRUNCATE incident, outage, camera, audit CASCADE')
  const made = await server.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name, site) VALUES ('a', 'A', 'p1'), ('b', 'B', 'p1') RETURNING id`,
  )
  cameras = made.rows.map(({ id }) => id)
  const { rows } = await server.pool.query<{ id: number }>(
    `INSERT INTO outage (camera_id, started_at, ended_at, layer, fault, detail, cause) VALUES
       ($1, $3, $3::timestamptz + interval '1 hour', 'network', 'timeout', '', NULL),
       ($2, $4, $4::timestamptz + interval '1 hour', 'picture', 'frozen', '', NULL), ($1, $5, NULL, NULL, NULL, NULL, 'offline')
     RETURNING id`,
    [cameras[0], cameras[1], day(0), day(1), day(2)],
  )
  outages = rows.map(({ id }) => id)
})

const list = async (query = '', send = operator) => {
  const { status, json } = await send('GET', `/api/outages${query}`)
  expect(status).toBe(200)
  return (json as { outages: OutageDetail[] }).outages
}
const places = async (query: string) => (await list(query)).map(({ id }) => outages.indexOf(id))
const act = async (verb: string, body: object = {}, send = operator) => {
  const { status, json } = await send('POST', `/api/outages/${outages[2]}/${verb}`, body)
  return { status, outage: json as OutageDetail, message: (json as { message?: string }).message }
}

describe('outages', () => {
  it('are listed newest first, by camera, by whether they go on, and by time', async () => {
    expect(await places('')).toEqual([2, 1, 0])
    expect(await places(`?camera=${cameras[0]}`)).toEqual([2, 0])
    expect(await places('?open=true')).toEqual([2])
    expect(await places('?open=false')).toEqual([1, 0])
    expect(await places('?limit=1')).toEqual([2])
    expect(await places(`?from=${day(1).toISOString()}&to=${day(2).toISOString()}`)).toEqual([1])
    // of the city's calendar; it goes on
    expect(await places('?from=2026-07-13&to=2026-07-14')).toEqual([2])
    const inside = new Date(START + DAY / 48).toISOString()
    expect(await places(`?from=${inside}&to=${inside.replace('00.000Z', '01.000Z')}`)).toEqual([0])
    expect((await list())[0]).toMatchObject({ cause: 'offline', layer: null, notes: [], endedAt: null })
    expect((await list())[1]).toMatchObject({ layer: 'picture', fault: 'frozen', cause: null })
  })

  it.each(['?open=maybe', '?to=2026-07-14', '?from=yesterday', '?limit=0', '?colour=red', '?camera=x'])(
    'refuse %s',
    async (query) => expect((await operator('GET', `/api/outages${query}`)).status).toBe(400),
  )

  it('are taken by one at a time, and released by anybody who may', async () => {
    const first = await act('take')
    expect(first.outage).toMatchObject({
      takenBy: 'the-operator',
      takenAt: server.context.clock().toISOString(),
      notes: [{ kind: 'take', actor: 'the-operator', after: 'the-operator' }],
    })
    expect((await act('take')).outage.notes).toHaveLength(1)
    const second = await act('take', {}, admin)
    expect([second.status, second.message]).toEqual([409, expect.stringContaining('the-operator')])
    expect((await act('release', {}, admin)).outage).toMatchObject({ takenBy: null, takenAt: null })
    const { outage } = await act('release')
    expect(outage.notes.map(({ kind, actor, before }) => [kind, actor, before])).toEqual([
      ['take', 'the-operator', null],
      ['release', 'the-admin', 'the-operator'],
    ])
  })

  it('taken by two at once go to one', async () => {
    const answers = await Promise.all([act('take'), act('take', {}, admin)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('get notes: plain text, kept as it is', async () => {
    const text = '<b>Kabel putus</b>\n2 teknisi'
    expect((await act('note', { text })).outage.notes).toMatchObject([{ kind: 'note', text }])
    for (const bad of ['', '  \n ', 'a\u0000b', 'a\u001bb', 'x'.repeat(2_001)])
      expect((await act('note', { text: bad })).status).toBe(400)
    expect((await list())[0]?.notes).toHaveLength(1)
  })

  it('get another cause afterwards, with a trail of what was said before', async () => {
    await act('cause', { cause: 'power', text: 'no light in the street' })
    await act('cause', { cause: 'vandalism' }, admin)
    await act('cause', { cause: 'vandalism' }, admin)
    const { outage } = await act('cause', { cause: null })
    expect(outage.foundCause).toBeNull()
    expect(outage.notes.map(({ actor, before, after, text }) => [actor, before, after, text])).toEqual([
      ['the-operator', null, 'power', 'no light in the street'],
      ['the-admin', 'power', 'vandalism', ''],
      ['the-operator', 'vandalism', null, ''],
    ])
    expect((await act('cause', { cause: 'magic' })).status).toBe(400)
  })

  it('are acted upon by operators and administrators, read by all; the public sees no names', async () => {
    await act('take')
    await act('note', { text: 'on the way' })
    for (const role of [undefined, 'viewer', 'leader', 'market-officer'] as const)
      for (const [verb, body] of [
        ['take', {}],
        ['release', {}],
        ['note', { text: 'x' }],
        ['cause', { cause: 'power' }],
      ] as const)
        expect((await act(verb, body, server.as(role))).status).toBe(role === undefined ? 401 : 403)
    expect((await list('', server.as('viewer')))[0]).toMatchObject({ takenBy: 'the-operator' })
    expect((await list('', server.as()))[0]).toMatchObject({ takenBy: null, takenAt: null, notes: [] })
  })

  it('that nobody knows are not found', async () => {
    for (const [verb, body] of [
      ['take', {}],
      ['note', { text: 'x' }],
    ] as const)
      expect((await operator('POST', `/api/outages/999999999/${verb}`, body)).status).toBe(404)
  })
})

describe('incidents', () => {
  const incidents = async (query = '', send = operator) =>
    ((await send('GET', `/api/incidents${query}`)).json as { incidents: Incident[] }).incidents

  it('are listed, those that go on first, and are taken like outages', async () => {
    await server.pool.query(
      `INSERT INTO incident (kind, subject, started_at, ended_at, cameras, fault) VALUES
         ('site', 'p1', $1, NULL, $3, 'timeout'), ('subnet', '10.0.0.0/24', $2, $2, '{}', NULL)`,
      [day(1), day(2), cameras],
    )
    expect((await incidents()).map(({ name, endedAt }) => [name, endedAt === null])).toEqual([
      ['A', true],
      ['10.0.0.0/24', false],
    ])
    expect(await incidents('?open=false')).toHaveLength(1)
    const id = (await incidents('?open=true'))[0]?.id
    const post = (verb: string, send: Send) => send('POST', `/api/incidents/${id}/${verb}`, {})
    expect((await post('take', operator)).status).toBe(204)
    expect((await post('take', operator)).status).toBe(204)
    expect((await post('take', admin)).status).toBe(409)
    expect((await post('take', server.as('viewer'))).status).toBe(403)
    expect((await incidents())[0]?.takenBy).toBe('the-operator')
    expect((await incidents('', server.as()))[0]?.takenBy).toBeNull()
    expect((await post('release', admin)).status).toBe(204)
    expect((await operator('POST', '/api/incidents/999999/take', {})).status).toBe(404)
    const { rows } = await server.pool.query(
      `SELECT actor, action FROM audit WHERE action LIKE 'incident%' ORDER BY id`,
    )
    expect(rows).toEqual([
      { actor: 'the-operator', action: 'incident-taken' },
      { actor: 'the-admin', action: 'incident-released' },
    ])
  })
})
