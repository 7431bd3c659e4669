import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CameraRow } from '#contract/camera-list.ts'
import type { CameraPage, CheckPoint } from '#contract/camera-page.ts'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import type { CameraState, StateSpan } from '#contract/camera.ts'
import { rollUp } from '../rollups.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'
import { bucketOf } from './checks.ts'
import { daysOf } from './days.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.parse('2026-07-15T10:30:00+07:00')
const TIMEZONE = 'Asia/Jakarta'
let server: TestCameras
let guest: Send
let admin: Send
beforeAll(async () => {
  server = await testCameras({ GUESTS_MAY_LOOK: 'yes' })
  ;[guest, admin] = [server.as(), server.as('admin')]
  server.time.now = NOW
})
afterAll(() => server.close())

let made = 0
async function newCamera(edit: object = {}): Promise<number> {
  const empty = {
    address: null,
    latitude: null,
    longitude: null,
    owner: null,
    vendor: null,
    group: null,
    parentId: null,
  }
  const body = {
    name: 'A',
    ...empty,
    enabled: true,
    targets: {},
    settings: {},
    streamId: `s-${(made += 1)}`,
    ...edit,
  }
  return ((await admin('POST', '/api/cameras', body)).json as { id: number }).id
}
async function transitions(id: number, list: [at: number, state: CameraState][]): Promise<void> {
  await server.pool.query(
    `INSERT INTO camera_transition (camera_id, at, state) SELECT $1, to_timestamp(ms / 1000), state FROM unnest($2::float8[], $3::camera_state[]) AS t(ms, state)`,
    [id, list.map(([at]) => at), list.map(([, state]) => state)],
  )
  const [at, state] = list.at(-1) ?? [0, 'unknown']
  await server.pool.query('UPDATE camera_current SET state = $2, since = $3 WHERE camera_id = $1', [
    id,
    state,
    new Date(at),
  ])
}
const pageOf = async (id: number, send = guest) =>
  (await send('GET', `/api/cameras/${id}/page`)).json as CameraPage

describe('the list', () => {
  const rowOf = async (id: number) => {
    // what was written for others some seconds ago is not given any more
    server.time.now += 15_000
    const { rows } = (await guest('GET', '/api/cameras/rows')).json as { rows: CameraRow[] }
    server.time.now = NOW
    return rows.find((row) => row.id === id)
  }
  it('tells availability the same, rolled up or not', async () => {
    const id = await newCamera()
    // 40 days ago up; 10 days ago down for a day; yesterday 20:30 down for 2 hours; since 10:00 degraded
    await transitions(id, [
      [NOW - 40 * DAY, 'up'],
      [NOW - 10 * DAY, 'down'],
      [NOW - 9 * DAY, 'up'],
      [NOW - 14 * HOUR, 'down'],
      [NOW - 12 * HOUR, 'unreachable'],
      [NOW - 11 * HOUR, 'degraded'],
      [NOW - 20 * MINUTE, 'down'],
      // so that it does not matter when one asks
      [NOW, 'unknown'],
    ])
    // Days are of the city's calendar: 29 of them and 10.5 hours of today; hours begin full: 23.5 of them.
    const [day, month] = [23.5 - 1, 29 * 24 + 10.5 - 1]
    const [downDay, downMonth] = [2 + 1 / 3, 24 + 2 + 1 / 3]
    const expected = {
      availability24h: expect.closeTo(1 - downDay / day, 8) as number,
      availability30d: expect.closeTo(1 - downMonth / month, 8) as number,
    }
    expect(await rowOf(id)).toMatchObject(expected)
    await server.pool.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [
      new Date(NOW - 35 * DAY - 30 * MINUTE),
    ])
    await rollUp(server.pool, new Date(NOW), TIMEZONE)
    server.time.now += 2 * MINUTE
    expect((await server.pool.query('SELECT FROM camera_day')).rowCount).toBeGreaterThan(30)
    expect(await rowOf(id)).toMatchObject(expected)
  })
  it('tells the rhythm in force, latencies, and what can be watched', async () => {
    const id = await newCamera({ group: 'G', targets: { hls: 'http://10.0.0.1/a.m3u8' } })
    await server.pool.query(
      `INSERT INTO probe_state (camera_id, memory, checked_at, verdict, since, failing, latencies) VALUES ($1, '{}', now(), 'up', now(), false, '{12.34,NULL,7}')`,
      [id],
    )
    expect(await rowOf(id)).toEqual({
      id,
      availability24h: null,
      availability30d: null,
      latencies: [12.3, null, 7],
      intervalSeconds: DEFAULT_SETTINGS.intervalSeconds,
      watchable: true,
    })
    await admin('PUT', '/api/settings/probe?group=G', { intervalSeconds: 120 })
    expect(await rowOf(id)).toMatchObject({ intervalSeconds: 120 })
    await admin('POST', '/api/cameras/bulk', { ids: [id], set: { enabled: false } })
    expect(await rowOf(id)).toMatchObject({ intervalSeconds: null, watchable: true })
  })
})

describe('the page', () => {
  it('of no camera is not there', async () => {
    expect((await guest('GET', '/api/cameras/999999/page')).status).toBe(404)
  })
  it('shows what it hangs on, nearest first, and inside addresses only to who may set them', async () => {
    const node = async (code: string, parentId: number | null) => {
      const { rows } = await server.pool.query<{ id: number }>(
        `INSERT INTO node (code, name, kind, parent_id, targets) VALUES ($1, $1, 'switch', $2, '{"ping":"10.0.0.2"}') RETURNING id`,
        [code, parentId],
      )
      return rows[0]?.id ?? 0
    }
    const id = await newCamera({ parentId: await node('near', await node('far', null)) })
    const page = await pageOf(id)
    expect(page.parents.map(({ code, targets, cameras }) => [code, targets, cameras])).toEqual([
      ['near', null, 1],
      ['far', null, 1],
    ])
    expect((await pageOf(id, admin)).parents[0]?.targets).toEqual({ ping: '10.0.0.2' })
  })
  it('shows evidence, its claim, outages, and how it can be watched, without an address', async () => {
    const id = await newCamera({ targets: { rtsp: 'rtsp://10.1.2.3/1', snapshot: 'http://10.1.2.3/a.jpg' } })
    await server.pool.query(
      `INSERT INTO camera_picture (camera_id, at, kind, fault, jpeg) VALUES ($1, $2, 'good', NULL, ''), ($1, $2, 'bad', 'black', ''), ($1, $3, 'bad', 'frozen', '')`,
      [id, new Date(NOW - DAY), new Date(NOW - HOUR)],
    )
    await server.pool.query(
      `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('portal', 'cameras', 'push', 'push', 'P')`,
    )
    await server.pool.query(
      `INSERT INTO camera_claim (camera_id, at, state, since, feed) SELECT $1, $2, 'up', $2, number FROM feed WHERE id = 'portal'`,
      [id, new Date(NOW)],
    )
    await server.pool.query(
      `INSERT INTO outage (camera_id, started_at, fault, layer, taken_by) VALUES ($1, $2, 'timeout', 'network', 'budi')`,
      [id, new Date(NOW - HOUR)],
    )
    const page = await pageOf(id)
    expect(page).toMatchObject({
      watch: ['rtsp', 'snapshot'],
      claim: { state: 'up', feed: 'portal' },
      goodPicture: { at: new Date(NOW - DAY).toISOString() },
      badPicture: { at: new Date(NOW - HOUR).toISOString(), fault: 'frozen' },
      outages: [{ fault: 'timeout', endedAt: null }],
    })
    expect(JSON.stringify(page)).not.toMatch(/10\.1\.2\.3|budi/)
    expect((await pageOf(id, admin)).outages[0]?.takenBy).toBe('budi')
  })
  it('shows 90 days without gaps, today so far among them', async () => {
    const id = await newCamera()
    await transitions(id, [[NOW - 20 * MINUTE, 'down']])
    const { days } = await pageOf(id)
    expect([days.length, days[0]?.day, days[89]?.day]).toEqual([90, '2026-04-17', '2026-07-15'])
    expect(days[89]?.down).toBe(20 * MINUTE)
  })
})

it('puts what is not rolled up on the days to which it belongs', () => {
  const at = (text: string) => `2026-07-${text}:00.000Z`
  const span = (from: string, to: string, state: CameraState): StateSpan => ({
    from: at(from),
    to: at(to),
    state,
  })
  const day = (text: string, held: object) => ({
    day: text,
    up: 0,
    degraded: 0,
    down: 0,
    unknown: 0,
    maintenance: 0,
    ...held,
  })
  const spans = [span('01T20:00', '02T01:00', 'down'), span('02T01:00', '03T06:00', 'unreachable')]
  const days = daysOf('2026-07-01', '2026-07-03', [day('2026-07-01', { up: 20 * HOUR })], spans, (one) =>
    Date.parse(one),
  )
  expect(days).toEqual([
    day('2026-07-01', { up: 20 * HOUR, down: 4 * HOUR }),
    day('2026-07-02', { down: HOUR, unknown: 23 * HOUR }),
    day('2026-07-03', { unknown: 6 * HOUR }),
  ])
})

describe('checks', () => {
  it.each([
    [HOUR, MINUTE],
    [24 * HOUR, 5 * MINUTE],
    [48 * HOUR, 10 * MINUTE],
    [49 * HOUR, HOUR],
    [30 * DAY, 3 * HOUR],
  ])('over %d ms are points of %d ms', (span, width) => {
    expect(bucketOf(new Date(NOW - span), new Date(NOW))).toBe(width)
  })
  it('are summed up by their points, from each check or from their hours', async () => {
    const id = await newCamera()
    const start = NOW - 30 * MINUTE
    await server.pool.query(
      `INSERT INTO camera_check (camera_id, at, ok, latency_ms) VALUES ($1, $2, true, 10), ($1, $3, true, 30), ($1, $4, false, NULL)`,
      [id, new Date(start), new Date(start + 30_000), new Date(start + 90_000)],
    )
    await server.pool.query(
      `INSERT INTO camera_check_hour VALUES ($2, $1, 3, 1, 2, 40, 30), ($3, $1, 2, 2, 0, 0, 0)`,
      [id, new Date('2026-07-15T03:00:00Z'), new Date('2026-07-14T03:00:00Z')],
    )
    const points = async (from: number) => {
      const query = `from=${new Date(from).toISOString()}&to=${new Date(NOW).toISOString()}`
      return ((await guest('GET', `/api/cameras/${id}/checks?${query}`)).json as { points: CheckPoint[] })
        .points
    }
    expect(await points(start)).toEqual([
      { at: new Date(start).toISOString(), latency: 20, slowest: 30, checks: 2, failures: 0 },
      { at: new Date(start + MINUTE).toISOString(), latency: null, slowest: null, checks: 1, failures: 1 },
    ])
    expect(await points(NOW - 3 * DAY)).toEqual([
      { at: '2026-07-14T03:00:00.000Z', latency: null, slowest: null, checks: 2, failures: 2 },
      { at: '2026-07-15T03:00:00.000Z', latency: 20, slowest: 30, checks: 3, failures: 1 },
    ])
  })
})
