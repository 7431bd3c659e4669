import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CameraChange, CameraConfig, CameraEdit, SavedView } from '#contract/camera-list.ts'
import { open } from '../probe/secrets.ts'
import { registerCameras } from '../register.ts'
import { withTransaction } from '../../database/pool.ts'
import { lockStored } from './cameras-store.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'

let server: TestCameras
let [guest, viewer, operator, admin]: Send[] = []
beforeAll(async () => {
  server = await testCameras()
  ;[guest, viewer, operator, admin] = [
    server.as(),
    server.as('viewer'),
    server.as('operator'),
    server.as('admin'),
  ]
})
afterAll(() => server.close())
beforeEach(() => server.told.splice(0))

const EDIT: CameraEdit = {
  name: 'Alun-alun',
  address: null,
  latitude: null,
  longitude: null,
  owner: null,
  vendor: null,
  group: null,
  parentId: null,
  enabled: true,
  targets: {},
  settings: {},
}
let made = 0
async function newCamera(edit: Partial<CameraEdit> = {}, streamId = `s-${(made += 1)}`): Promise<number> {
  const answer = await admin?.('POST', '/api/cameras', { ...EDIT, ...edit, streamId })
  expect(answer?.status).toBe(201)
  return (answer?.json as { id: number }).id
}
const configOf = async (id: number) =>
  (await operator?.('GET', `/api/cameras/${id}/config`))?.json as CameraConfig
const edit = (id: number, change: Partial<CameraEdit>) =>
  operator?.('PUT', `/api/cameras/${id}/config`, { ...EDIT, ...change })
const changesOf = async (id: number) =>
  ((await operator?.('GET', `/api/cameras/${id}/changes`))?.json as { changes: CameraChange[] }).changes
const judged = async (id: number) =>
  (await server.pool.query('SELECT judged, state FROM camera_current WHERE camera_id = $1', [id]))
    .rows[0] as unknown
const namesTold = () => server.told.map(({ name }) => name)

describe('who may', () => {
  it('see addresses and history: those who change cameras', async () => {
    const id = await newCamera()
    const statuses = (path: string) =>
      Promise.all(
        [guest, viewer, operator].map(
          async (send) => (await send?.('GET', `/api/cameras/${id}/${path}`))?.status,
        ),
      )
    expect(await statuses('config')).toEqual([401, 403, 200])
    expect(await statuses('changes')).toEqual([401, 403, 200])
  })
  it('keep passwords, and say how all are probed and what is owed: the administrator', async () => {
    const id = await newCamera()
    const secret = { username: 'u', password: 'p' }
    const contract = { target: 0.95, hours: null }
    expect((await operator?.('PUT', `/api/cameras/${id}/secret`, secret))?.status).toBe(403)
    expect((await operator?.('PUT', '/api/settings/probe', {}))?.status).toBe(403)
    expect((await operator?.('PUT', '/api/settings/contract', contract))?.status).toBe(403)
  })
})

describe('a new camera', () => {
  it('is unknown, lies where it lies, and is told', async () => {
    const id = await newCamera({
      latitude: -7.9826,
      longitude: 112.6308,
      targets: { hls: 'http://10.0.0.9/a.m3u8' },
    })
    expect(namesTold()).toEqual(['cameras:listed', 'probe:configured'])
    expect(await judged(id)).toEqual({ judged: true, state: 'unknown' })
    const { rows } = await server.pool.query('SELECT district, subdistrict, site FROM camera WHERE id = $1', [
      id,
    ])
    expect(rows).toEqual([
      {
        district: expect.stringMatching(/./) as string,
        subdistrict: expect.stringMatching(/./) as string,
        site: 'p-7.98260_112.63080',
      },
    ])
    expect(await changesOf(id)).toMatchObject([
      { action: 'create', actor: 'the-admin', before: { name: null }, after: { name: 'Alun-alun' } },
    ])
  })
  it('takes no stream id that another has', async () => {
    await newCamera({}, 'taken')
    const answer = await admin?.('POST', '/api/cameras', { ...EDIT, streamId: 'taken' })
    expect([answer?.status, answer?.json]).toMatchObject([409, { field: 'streamId' }])
  })
})

describe('an edit', () => {
  it.each([
    ['targets.rtsp', { targets: { rtsp: 'http://10.0.0.1' } }],
    ['targets.http', { targets: { http: 'http://admin:secret@10.0.0.1/' } }],
    ['latitude', { latitude: null, longitude: 112 }],
    ['settings.flapLow', { settings: { flapLow: 0.9 } }],
    ['parentId', { parentId: 999_999 }],
    ['name', { name: 'two\nlines' }],
    ['settings.layers', { settings: { layers: [] } }],
  ])('is refused with the field %s', async (field, change) => {
    const id = await newCamera()
    const answer = await edit(id, change)
    expect([answer?.status, answer?.json]).toMatchObject([400, { field }])
    expect(await changesOf(id)).toHaveLength(1)
  })
  it('of no camera is refused', async () => {
    expect((await edit(999_999, {}))?.status).toBe(404)
    expect((await admin?.('PUT', '/api/cameras/999999/secret', null))?.status).toBe(404)
  })
  it('keeps before and after, and nothing where nothing differs', async () => {
    const id = await newCamera()
    expect((await edit(id, { vendor: 'Acme', settings: { failures: 2 } }))?.json).toMatchObject({
      vendor: 'Acme',
      pinned: ['name'],
      effective: { failures: 2, recoveries: 2 },
    })
    server.told.splice(0)
    await edit(id, { vendor: 'Acme', settings: { failures: 2 } })
    expect(server.told).toEqual([])
    expect(
      (await changesOf(id)).map(({ actor, action, before, after }) => [actor, action, before, after]),
    ).toEqual([
      [
        'the-operator',
        'edit',
        { vendor: null, 'settings.failures': null },
        { vendor: 'Acme', 'settings.failures': 2 },
      ],
      ['the-admin', 'create', expect.anything(), expect.anything()],
    ])
  })
  it('hands the camera to the prober, and back when it is switched off', async () => {
    const id = await newCamera()
    expect(await judged(id)).toMatchObject({ judged: false })
    await edit(id, { targets: { ping: '10.0.0.7' } })
    expect(await judged(id)).toMatchObject({ judged: true })
    expect(server.told).toContainEqual({ name: 'probe:configured', fact: { cameraIds: [id] } })
    await edit(id, { targets: { ping: '10.0.0.7' }, enabled: false })
    expect(await judged(id)).toMatchObject({ judged: false })
  })
  it('outlives what the list says, but for what was not set by hand', async () => {
    const listing = {
      streamId: 'listed',
      name: 'Old',
      address: 'Jl. A',
      latitude: -7.97,
      longitude: 112.63,
      owner: 'Dishub',
    }
    await registerCameras(server.pool, server.pack, [listing])
    const { rows } = await server.pool.query<{ id: number }>(
      `SELECT id FROM camera WHERE stream_id = 'listed'`,
    )
    const id = rows[0]?.id ?? 0
    const { address, latitude, longitude } = listing
    await edit(id, { name: 'By hand', address, latitude: -7.98, longitude, owner: null })
    expect((await configOf(id)).pinned).toEqual(['latitude', 'longitude', 'name', 'owner'])
    const siteOf = async () =>
      (await server.pool.query('SELECT site, district FROM camera WHERE id = $1', [id])).rows[0] as unknown
    const placed = await siteOf()
    const renewed = await registerCameras(server.pool, server.pack, [
      { ...listing, name: 'Newer', address: 'Jl. B', latitude: -7.9 },
    ])
    expect(renewed).toBe(1)
    expect(await configOf(id)).toMatchObject({
      name: 'By hand',
      address: 'Jl. B',
      latitude: -7.98,
      longitude,
      owner: null,
    })
    expect(await siteOf()).toEqual(placed)
    expect(
      await registerCameras(server.pool, server.pack, [{ ...listing, address: 'Jl. B', latitude }]),
    ).toBe(0)
  })
})

it('keeps a user name and password sealed, and tells of them by a flag alone', async () => {
  const id = await newCamera({ targets: { rtsp: 'rtsp://10.0.0.7/1' } })
  const credentials = { username: 'admin', password: 'hunter2 & more' }
  expect((await admin?.('PUT', `/api/cameras/${id}/secret`, credentials))?.status).toBe(204)
  const { rows } = await server.pool.query<{ secret: Buffer }>('SELECT secret FROM camera WHERE id = $1', [
    id,
  ])
  expect(open(Buffer.alloc(32, 0x11), id, rows[0]?.secret ?? Buffer.of())).toEqual(credentials)
  const answers = await Promise.all(
    ['config', 'changes'].map((path) => operator?.('GET', `/api/cameras/${id}/${path}`)),
  )
  expect(answers.map((answer) => answer?.bytes.toString()).join()).not.toContain('hunter2')
  expect((await configOf(id)).hasSecret).toBe(true)
  expect((await changesOf(id))[0]).toMatchObject({
    action: 'secret',
    before: { hasSecret: false },
    after: { hasSecret: true },
  })
  await admin?.('PUT', `/api/cameras/${id}/secret`, null)
  expect((await configOf(id)).hasSecret).toBe(false)
})

it('lets nobody but an administrator send a kept password to another host', async () => {
  const id = await newCamera({ targets: { rtsp: 'rtsp://10.0.0.7/1', tcp: '10.0.0.7:554' } })
  const move = { targets: { rtsp: 'rtsp://10.0.0.7/2', snapshot: 'http://10.0.0.9/?p={password}' } }
  expect((await edit(id, move))?.status).toBe(200)
  await admin?.('PUT', `/api/cameras/${id}/secret`, { username: 'admin', password: 'hunter2' })
  const away = { targets: { ...move.targets, http: 'http://10.0.0.66/' } }
  const refused = await edit(id, away)
  expect([refused?.status, refused?.json]).toMatchObject([403, { field: 'targets.http' }])
  const { streamId } = await configOf(id)
  const file = `stream_id,http\n${streamId},http://10.0.0.66/`
  const imported = await operator?.('POST', '/api/cameras/import?apply=true', file, 'text/csv')
  expect(imported?.json).toMatchObject({ counts: { refuse: 1 }, rows: [{ faults: [{ column: 'http' }] }] })
  // what takes no sign-in, another path, and less are free
  const less = { targets: { snapshot: 'http://10.0.0.9/a.jpg', tcp: '10.0.0.66:80', ping: '10.0.0.66' } }
  expect((await edit(id, less))?.status).toBe(200)
  const byAdmin = await admin?.('PUT', `/api/cameras/${id}/config`, { ...EDIT, ...away })
  expect(byAdmin?.status).toBe(200)
})

it('keeps nobody from writing what a camera did while it is being changed', async () => {
  const id = await newCamera()
  await withTransaction(server.pool, async (changing) => {
    await lockStored(changing, { ids: [id] })
    await withTransaction(server.pool, async (probing) => {
      await probing.query(`SET LOCAL lock_timeout = '1s'`)
      await probing.query(`INSERT INTO outage (camera_id, started_at) VALUES ($1, now())`, [id])
    })
  })
})

it('sets the same of many at once, and says how many changed', async () => {
  const ids = [
    await newCamera({ group: 'North' }),
    await newCamera({ settings: { failures: 1, intervalSeconds: 10 } }),
  ]
  const bulk = async (set: object) =>
    (await operator?.('POST', '/api/cameras/bulk', { ids: [...ids, 999_999], set }))?.json
  expect(await bulk({ group: 'North', enabled: true })).toEqual({ changed: 1 })
  expect(await bulk({ intervalSeconds: 60 })).toEqual({ changed: 2 })
  expect((await configOf(ids[1] ?? 0)).settings).toEqual({ failures: 1, intervalSeconds: 60 })
  expect(await bulk({ intervalSeconds: null })).toEqual({ changed: 2 })
  expect((await configOf(ids[1] ?? 0)).settings).toEqual({ failures: 1 })
})

describe('settings', () => {
  it('of all and of a group reach each camera, and the prober hears of it', async () => {
    const id = await newCamera({ group: 'Selatan & barat' })
    const group = `/api/settings/probe?group=${encodeURIComponent('Selatan & barat')}`
    await admin?.('PUT', '/api/settings/probe', { failures: 7, recoveries: 4 })
    await admin?.('PUT', group, { failures: 6 })
    expect((await configOf(id)).effective).toMatchObject({ failures: 6, recoveries: 4 })
    expect(server.told).toContainEqual({ name: 'probe:configured', fact: { cameraIds: 'all' } })
    expect((await operator?.('GET', group))?.json).toEqual({ failures: 6 })
    expect((await operator?.('GET', '/api/settings/probe'))?.json).toEqual({ failures: 7, recoveries: 4 })
    await admin?.('PUT', '/api/settings/probe', {})
    expect((await configOf(id)).effective).toMatchObject({ failures: 6, recoveries: 2 })
  })
  it('that do not fit together are refused', async () => {
    expect(await admin?.('PUT', '/api/settings/probe', { flapHigh: 0.1 })).toMatchObject({
      status: 400,
      json: { field: 'flapLow' },
    })
  })
  it('say what is owed, and the audit what was owed before', async () => {
    expect((await viewer?.('GET', '/api/settings/contract'))?.json).toEqual({ target: 0.99, hours: null })
    const contract = { target: 0.95, hours: { from: 360, to: 1320, weekdays: [1, 2, 3, 4, 5] } }
    await admin?.('PUT', '/api/settings/contract', contract)
    expect((await viewer?.('GET', '/api/settings/contract'))?.json).toEqual(contract)
    const wrong = { ...contract, hours: { ...contract.hours, to: 360 } }
    expect(await admin?.('PUT', '/api/settings/contract', wrong)).toMatchObject({
      status: 400,
      json: { field: 'hours.to' },
    })
    const { rows } = await server.pool.query(
      `SELECT actor, detail FROM audit WHERE action = 'setting-changed' AND subject = 'contract'`,
    )
    expect(rows).toEqual([{ actor: 'the-admin', detail: { before: null, after: contract } }])
  })
})

it('keeps views of each account', async () => {
  const view = { name: 'Padam', query: 'state=down' }
  const first = (await viewer?.('POST', '/api/views', view))?.json as SavedView
  await viewer?.('POST', '/api/views', { ...view, query: 'state=down&sort=since' })
  const listed = async (send: Send | undefined) =>
    ((await send?.('GET', '/api/views'))?.json as { views: SavedView[] }).views
  expect(await listed(viewer)).toEqual([{ ...first, query: 'state=down&sort=since' }])
  expect(await listed(operator)).toEqual([])
  expect((await operator?.('DELETE', `/api/views/${first.id}`))?.status).toBe(404)
  expect((await viewer?.('DELETE', `/api/views/${first.id}`))?.status).toBe(204)
  expect(await listed(viewer)).toEqual([])
  expect((await guest?.('POST', '/api/views', view))?.status).toBe(401)
})
