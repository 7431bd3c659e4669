import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Incident } from '#contract/outages.ts'
import type { NodeEdit, TopologyNode } from '#contract/topology.ts'
import { withTransaction } from '../../database/pool.ts'
import { testCameras, type Answer, type Send, type TestCameras } from '../testing/index.ts'
import { listIncidents, settleIncidents } from './incidents-store.ts'
import type { Cause, Causes } from './types.ts'

let server: TestCameras
let operator: Send
beforeAll(async () => {
  server = await testCameras()
  operator = server.as('operator')
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.pool.query('TRUNCATE incident, outage, node, camera, audit CASCADE')
  server.told.splice(0)
})

const EDIT: NodeEdit = {
  code: 'sw-1',
  name: 'Switch 1',
  kind: 'switch',
  parentId: null,
  latitude: null,
  longitude: null,
  targets: {},
}
const add = async (edit: Partial<NodeEdit> = {}) => {
  const answer = await operator('POST', '/api/nodes', { ...EDIT, ...edit })
  expect(answer.status).toBe(201)
  return (answer.json as { id: number }).id
}
const list = async (send = operator) =>
  ((await send('GET', '/api/nodes')).json as { nodes: TopologyNode[] }).nodes
const fieldOf = ({ json }: Answer) => (json as { field?: string }).field
const hang = async (count: number, parentId: number | null, site: string | null = null) => {
  const { rows } = await server.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name, parent_id, site)
     SELECT gen_random_uuid(), 'camera ' || n, $2, $3 FROM generate_series(1, $1) n RETURNING id`,
    [count, parentId, site],
  )
  return rows.map(({ id }) => id)
}

describe('nodes', () => {
  it('are listed with all that hangs on them, several levels down', async () => {
    const power = await add({ code: 'power', kind: 'power' })
    const first = await add({ code: 'sw-a', parentId: power })
    const nvr = await add({ code: 'nvr', kind: 'nvr', parentId: first })
    await hang(1, power)
    await hang(2, first)
    await hang(4, nvr)
    expect((await list()).map(({ code, cameras, state }) => [code, cameras, state])).toEqual([
      ['nvr', 4, 'unknown'],
      ['power', 7, 'unknown'],
      ['sw-a', 6, 'unknown'],
    ])
  })

  it('show inside addresses to those who set them only', async () => {
    await add({ targets: { ping: '10.0.0.7' } })
    expect((await list())[0]?.targets).toEqual({ ping: '10.0.0.7' })
    expect((await list(server.as('viewer')))[0]?.targets).toBeNull()
  })

  it('are changed by operators and administrators', async () => {
    for (const role of [undefined, 'viewer', 'market-officer', 'leader'] as const)
      expect((await server.as(role)('POST', '/api/nodes', EDIT)).status).toBe(role === undefined ? 401 : 403)
    const id = await add()
    expect((await server.as('admin')('PUT', `/api/nodes/${id}`, { ...EDIT, name: 'Renamed' })).status).toBe(
      204,
    )
    expect((await list())[0]?.name).toBe('Renamed')
    const { rows } = await server.pool.query<{ actor: string; action: string }>(
      `SELECT actor, action FROM audit WHERE subject = 'sw-1' ORDER BY id`,
    )
    expect(rows.map(({ action }) => action)).toEqual(['node-created', 'node-changed'])
    expect(server.told.map(({ name }) => name)).toEqual(['probe:configured', 'probe:configured'])
  })

  it.each<[string, Partial<NodeEdit>, number, string]>([
    ['a code twice', { code: 'taken' }, 409, 'code'],
    ['an address that is none', { targets: { tcp: 'no port' } }, 400, 'targets.tcp'],
    ['half a position', { latitude: -7.9 }, 400, 'longitude'],
    ['a parent that is not there', { parentId: 2_000_000_000 }, 400, 'parentId'],
    ['a code with spaces', { code: 'a b' }, 400, 'code'],
    ['two lines of name', { name: 'a\nb' }, 400, 'name'],
  ])('refuse %s', async (_name, edit, status, field) => {
    await add({ code: 'taken' })
    const answer = await operator('POST', '/api/nodes', { ...EDIT, ...edit })
    expect([answer.status, fieldOf(answer)]).toEqual([status, field])
  })

  it('never hang on themselves', async () => {
    const a = await add({ code: 'a' })
    const b = await add({ code: 'b', parentId: a })
    const c = await add({ code: 'c', parentId: b })
    for (const parentId of [a, b, c]) {
      const answer = await operator('PUT', `/api/nodes/${a}`, { ...EDIT, code: 'a', parentId })
      expect([answer.status, fieldOf(answer)]).toEqual([400, 'parentId'])
    }
    const answer = await operator('PUT', `/api/nodes/${a}`, { ...EDIT, code: 'a', parentId: c })
    expect((answer.json as { message: string }).message).toContain('a → c → b → a')
  })

  it('two moves at once make no circle together', async () => {
    const a = await add({ code: 'a' })
    const b = await add({ code: 'b' })
    const answers = await Promise.all([
      operator('PUT', `/api/nodes/${a}`, { ...EDIT, code: 'a', parentId: b }),
      operator('PUT', `/api/nodes/${b}`, { ...EDIT, code: 'b', parentId: a }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400])
  })

  it('are not deleted while something hangs on them, unless that moves up', async () => {
    const power = await add({ code: 'power' })
    const first = await add({ code: 'sw-a', parentId: power })
    const nvr = await add({ code: 'nvr', parentId: first })
    const [camera] = await hang(1, first)
    const refused = await operator('DELETE', `/api/nodes/${first}`)
    expect([refused.status, refused.json]).toMatchObject([409, { cameras: 1, nodes: 1 }])
    server.told.splice(0)
    expect((await operator('DELETE', `/api/nodes/${first}?children=up`)).status).toBe(204)
    expect(server.told).toEqual([
      { name: 'cameras:listed', fact: null },
      { name: 'probe:configured', fact: { cameraIds: [camera] } },
    ])
    expect((await list()).map(({ id, parentId }) => [id, parentId])).toEqual([
      [nvr, power],
      [power, null],
    ])
    const { rows } = await server.pool.query('SELECT camera_id, before, after FROM camera_change')
    expect(rows).toEqual([{ camera_id: camera, before: { parentId: first }, after: { parentId: power } }])
    expect((await operator('DELETE', `/api/nodes/${first}`)).status).toBe(404)
  })

  it('begin anew where they are asked elsewhere, and only then', async () => {
    const id = await add({ targets: { ping: '10.0.0.7' } })
    await server.pool.query(
      `UPDATE node SET state = 'down', since = now(), failing = true, memory = '{"a": 1}'`,
    )
    await operator('PUT', `/api/nodes/${id}`, { ...EDIT, name: 'Other', targets: { ping: '10.0.0.7' } })
    expect((await list())[0]).toMatchObject({ state: 'down', name: 'Other' })
    await operator('PUT', `/api/nodes/${id}`, { ...EDIT, targets: { ping: '10.0.0.8' } })
    expect((await list())[0]).toMatchObject({ state: 'unknown', since: null })
  })
})

describe('incidents', () => {
  const T = Date.parse('2026-07-15T01:00:00Z')
  const cause = (edit: Partial<Cause>): Cause => ({
    kind: 'node',
    subject: 'sw-1',
    nodeId: null,
    since: T,
    fault: 'timeout',
    cameras: [],
    absorbs: [],
    ...edit,
  })
  const settle = (causes: Cause[], ended: Causes['ended'] = []) =>
    withTransaction(server.pool, (client) =>
      settleIncidents(client, { causes, ended }, server.context.clock()),
    )
  const incidents = () => listIncidents(server.pool, { limit: 100 })
  const only = async () => {
    const all = await incidents()
    expect(all).toHaveLength(1)
    return all[0] as Incident
  }

  it('open once, grow, keep who was in, and end', async () => {
    const nodeId = await add()
    const [a = 0, b = 0] = await hang(2, nodeId)
    const first = await settle([cause({ nodeId, cameras: [b] })])
    expect(first.opened).toHaveLength(1)
    const id = first.opened[0] ?? 0
    expect(await only()).toMatchObject({ id, name: 'Switch 1', nodeId, cameras: [b], endedAt: null })
    expect(await settle([cause({ nodeId, cameras: [b] })])).toEqual({ opened: [], ended: [] })
    await settle([cause({ nodeId, cameras: [a] })])
    expect((await only()).cameras).toEqual([a, b])
    expect((await list())[0]).toMatchObject({ state: 'down', since: new Date(T).toISOString() })
    expect(await settle([], [{ id, at: T + 1_000 }])).toEqual({ opened: [], ended: [id] })
    expect((await only()).endedAt).toBe(new Date(T + 1_000).toISOString())
    expect((await settle([cause({ nodeId, cameras: [a], since: T + 2_000 })])).opened).toHaveLength(1)
    expect((await incidents()).map(({ endedAt }) => endedAt === null)).toEqual([true, false])
  })

  it('become part of a larger one', async () => {
    const [a = 0, b = 0, c = 0] = await hang(3, null)
    const parts = await settle([
      cause({ subject: 'sw-a', cameras: [a] }),
      cause({ subject: 'sw-b', cameras: [b], since: T + 1_000 }),
    ])
    await server.pool.query(`UPDATE incident SET taken_by = 'sari' WHERE subject = 'sw-a'`)
    const power = cause({ subject: 'power', cameras: [a, b, c], since: T + 5_000 })
    expect(await settle([{ ...power, absorbs: parts.opened }])).toEqual({ opened: [], ended: [] })
    expect(await only()).toMatchObject({
      id: Math.min(...parts.opened),
      subject: 'power',
      cameras: [a, b, c],
      startedAt: new Date(T).toISOString(),
      takenBy: 'sari',
    })
    const late = await settle([cause({ subject: 'sw-c', cameras: [c] })])
    await settle([{ ...power, absorbs: late.opened }])
    expect((await only()).subject).toBe('power')
  })

  it('link the outages of a site, which is called by its first camera', async () => {
    const ids = await hang(3, null, 'p-7.9_112.6')
    await server.pool.query(
      `INSERT INTO outage (camera_id, started_at, ended_at) SELECT id, $2::timestamptz, CASE WHEN id = $3 THEN $2::timestamptz + interval '1 s' END
       FROM unnest($1::int[]) AS id`,
      [ids, new Date(T), ids[2]],
    )
    const { opened } = await settle([
      cause({ kind: 'site', subject: 'p-7.9_112.6', cameras: ids.slice(0, 2) }),
    ])
    expect((await only()).name).toBe('camera 1')
    const { rows } = await server.pool.query<{ incident_id: number | null }>(
      'SELECT incident_id FROM outage ORDER BY camera_id',
    )
    expect(rows.map(({ incident_id }) => incident_id)).toEqual([opened[0], opened[0], null])
  })

  it('keep up with the code of their node', async () => {
    const nodeId = await add()
    await settle([cause({ nodeId })])
    await operator('PUT', `/api/nodes/${nodeId}`, { ...EDIT, code: 'sw-9' })
    expect((await only()).subject).toBe('sw-9')
  })
})
