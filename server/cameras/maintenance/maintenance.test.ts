import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Maintenance, MaintenanceEdit } from '#contract/maintenance.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'
import { plannedCameras } from './plans.ts'

let server: TestCameras
let operator: Send
/** a Wednesday, 10:00 in Malang */
const NOW = Date.parse('2026-07-15T10:00:00+07:00')
const HOUR = 3_600_000
let ids: number[]
let nodes: { power: number; nvr: number }

beforeAll(async () => {
  server = await testCameras()
  operator = server.as('operator')
  const { rows: made } = await server.pool.query<{ id: number }>(
    `INSERT INTO node (code, name, kind) VALUES ('power', 'Power', 'power'), ('nvr', 'NVR', 'nvr') RETURNING id`,
  )
  nodes = { power: made[0]?.id ?? 0, nvr: made[1]?.id ?? 0 }
  await server.pool.query(`UPDATE node SET parent_id = $1 WHERE id = $2`, [nodes.power, nodes.nvr])
  const { rows } = await server.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name, camera_group, district, parent_id) VALUES ('a', 'A', 'north', $1, $2),
       ('b', 'B', 'north', NULL, $3), ('c', 'C', NULL, $1, NULL) RETURNING id`,
    [server.pack.districts[0]?.code, nodes.nvr, nodes.power],
  )
  ids = rows.map(({ id }) => id)
})
afterAll(() => server.close())
beforeEach(async () => {
  server.time.now = NOW
  await server.pool.query('TRUNCATE maintenance')
})

const edit = (rest: Partial<MaintenanceEdit> = {}): MaintenanceEdit => ({
  title: 'New lenses',
  scope: 'camera',
  subject: String(ids[0]),
  startsAt: new Date(NOW - HOUR).toISOString(),
  endsAt: new Date(NOW + HOUR).toISOString(),
  weekdays: null,
  repeatUntil: null,
  ...rest,
})
const plan = async (rest: Partial<MaintenanceEdit> = {}) => {
  const answer = await operator('POST', '/api/maintenance', edit(rest))
  expect(answer.json).toHaveProperty('id')
  return (answer.json as { id: number }).id
}
const planned = (at = NOW) => plannedCameras(server.pool, server.pack, new Date(at))
const list = async () =>
  ((await server.as('viewer')('GET', '/api/maintenance')).json as { maintenance: Maintenance[] }).maintenance

describe('planned work', () => {
  it('is for cameras, a group, a district, or all that hangs on a node', async () => {
    const [a = 0, b = 0, c = 0] = ids
    const whom = async (rest: Partial<MaintenanceEdit>) => {
      await server.pool.query('TRUNCATE maintenance')
      await plan(rest)
      return [...(await planned()).keys()].sort((x, y) => x - y)
    }
    expect(await whom({ subject: `${a}, ${c}` })).toEqual([a, c])
    expect(await whom({ scope: 'group', subject: 'north' })).toEqual([a, b])
    expect(await whom({ scope: 'district', subject: server.pack.districts[0]?.code ?? '' })).toEqual([a, c])
    expect(await whom({ scope: 'node', subject: String(nodes.power) })).toEqual([a, b])
    expect(await whom({ scope: 'node', subject: String(nodes.nvr) })).toEqual([a])
  })

  it('counts from its announcement on, and never for what was before', async () => {
    await plan()
    expect([...(await planned()).values()]).toEqual([NOW])
    expect([...(await planned(NOW + HOUR - 1)).values()]).toEqual([NOW])
    expect((await planned(NOW + HOUR)).size).toBe(0)
    await server.pool.query('TRUNCATE maintenance')
    await plan({ startsAt: new Date(NOW + HOUR / 2).toISOString() })
    expect((await planned()).size).toBe(0)
    expect([...(await planned(NOW + HOUR / 2)).values()]).toEqual([NOW + HOUR / 2])
  })

  it('recurs over midnight until its last day', async () => {
    await plan({
      startsAt: '2026-07-13T23:00:00+07:00',
      endsAt: '2026-07-14T02:00:00+07:00',
      weekdays: [5, 3, 3],
      repeatUntil: '2026-07-17',
    })
    expect((await list())[0]).toMatchObject({
      active: false,
      nextAt: '2026-07-15T16:00:00.000Z',
      weekdays: [3, 5],
    })
    expect([...(await planned(Date.parse('2026-07-18T01:59:59+07:00'))).values()]).toEqual([
      Date.parse('2026-07-17T23:00:00+07:00'),
    ])
    expect((await planned(Date.parse('2026-07-18T02:00:00+07:00'))).size).toBe(0)
    expect((await planned(Date.parse('2026-07-22T23:30:00+07:00'))).size).toBe(0)
  })

  it('is over when it is cancelled, and stays on record', async () => {
    const id = await plan()
    expect((await list())[0]).toMatchObject({ id, active: true, cancelledAt: null })
    for (let time = 0; time < 2; time++)
      expect((await operator('DELETE', `/api/maintenance/${id}`)).status).toBe(204)
    expect((await planned()).size).toBe(0)
    expect((await list())[0]).toMatchObject({ active: false, cancelledAt: new Date(NOW).toISOString() })
    expect((await operator('DELETE', '/api/maintenance/999999')).status).toBe(404)
    const { rows } = await server.pool.query(
      `SELECT action FROM audit WHERE subject = $1 AND action LIKE 'maintenance%' ORDER BY id`,
      [String(id)],
    )
    expect(rows).toEqual([{ action: 'maintenance-planned' }, { action: 'maintenance-cancelled' }])
  })

  it('is planned by operators and administrators, and read by all', async () => {
    for (const role of [undefined, 'viewer', 'leader', 'market-officer'] as const) {
      const answer = await server.as(role)('POST', '/api/maintenance', edit())
      expect(answer.status).toBe(role === undefined ? 401 : 403)
    }
    expect((await server.as('admin')('POST', '/api/maintenance', edit())).status).toBe(201)
    expect(await list()).toHaveLength(1)
  })

  it('is shown to guests without the name of who planned it', async () => {
    await plan()
    const plannedBy = async (role?: 'viewer') => {
      const { json } = await server.as(role)('GET', '/api/maintenance')
      return (json as { maintenance: Maintenance[] }).maintenance[0]?.createdBy
    }
    expect(await plannedBy()).toBe('')
    expect(await plannedBy('viewer')).not.toBe('')
  })

  it.each<[string, Partial<MaintenanceEdit>, string]>([
    [
      'an end before its start',
      { endsAt: '2026-07-15T01:00:00Z', startsAt: '2026-07-15T02:00:00Z' },
      'endsAt',
    ],
    ['an end at its start', { endsAt: '2026-07-16T02:00:00Z', startsAt: '2026-07-16T02:00:00Z' }, 'endsAt'],
    ['more than 30 days', { endsAt: '2026-08-15T02:00:01Z', startsAt: '2026-07-16T02:00:00Z' }, 'endsAt'],
    ['more than a week that recurs', { endsAt: '2026-07-25T02:00:00Z', weekdays: [1] }, 'endsAt'],
    ['what is over', { startsAt: '2026-07-01T00:00:00Z', endsAt: '2026-07-02T00:00:00Z' }, 'endsAt'],
    [
      'a year that no calendar has',
      { startsAt: '0000-01-01T00:00:00Z', endsAt: '0000-01-02T00:00:00Z', weekdays: [1] },
      'startsAt',
    ],
    ['a time without a zone', { startsAt: '2026-07-15T01:00:00' }, 'startsAt'],
    ['a time that is none', { startsAt: '2026-13-45T01:00:00Z' }, 'startsAt'],
    ['once and yet until a day', { repeatUntil: '2026-08-01' }, 'repeatUntil'],
    ['a day that does not exist', { weekdays: [1], repeatUntil: '2026-02-30' }, 'repeatUntil'],
    ['an eighth day of the week', { weekdays: [8] }, 'weekdays.0'],
    ['a camera that is not there', { subject: '2000000' }, 'subject'],
    ['no number', { subject: 'all' }, 'subject'],
    ['a group without cameras', { scope: 'group', subject: 'south' }, 'subject'],
    ['a district of another city', { scope: 'district', subject: '99.99.99' }, 'subject'],
    ['a node that is not there', { scope: 'node', subject: '999999' }, 'subject'],
    ['a title of two lines', { title: 'a\nb' }, 'title'],
  ])('refuses %s', async (_name, rest, field) => {
    const answer = await operator('POST', '/api/maintenance', edit(rest))
    expect([answer.status, (answer.json as { field?: string }).field]).toEqual([400, field])
  })
})
