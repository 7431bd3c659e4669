import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AvailabilityReport, OutageHeat } from '#contract/availability.ts'
import type { CameraState } from '#contract/camera.ts'
import { rollUp } from '../rollups.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'
import { NOTHING, type Counted } from './figures.ts'
import { serviceDays, type ServiceHours } from './service-time.ts'
import { countCameras } from './store.ts'

const SECOND = 1_000
const HOUR = 3_600_000
const TIMEZONE = 'Asia/Jakarta'
const STATES: CameraState[] = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'unreachable']
let server: TestCameras
let look: Send
beforeAll(async () => {
  server = await testCameras({ GUESTS_MAY_LOOK: 'yes' })
  look = server.as()
})
afterAll(() => server.close())

interface Known {
  name: string
  district?: string | null
  owner?: string | null
  enabled?: boolean
  transitions: [at: number, state: CameraState][]
  outages: { from: number; to: number | null; planned?: boolean }[]
}

/** Replaces all cameras. Returns their ids in order. */
async function keep(cameras: readonly Known[]): Promise<number[]> {
  await server.pool.query(
    'TRUNCATE camera, camera_transition, camera_hour, camera_day, camera_rollup_due, job_progress CASCADE',
  )
  const ids: number[] = []
  for (const { name, district = null, owner = null, enabled = true, transitions, outages } of cameras) {
    const { rows } = await server.pool.query<{ id: number }>(
      `WITH c AS (INSERT INTO camera (stream_id, name, district, owner, enabled) VALUES (gen_random_uuid(), $1, $2, $3, $4) RETURNING id)
       INSERT INTO camera_current (camera_id, state, since, at, silent_after)
       SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM c RETURNING camera_id AS id`,
      [name, district, owner, enabled],
    )
    const id = rows[0]?.id ?? 0
    ids.push(id)
    await server.pool.query(
      `INSERT INTO camera_transition (camera_id, at, state) SELECT $1, to_timestamp(ms / 1000), state FROM unnest($2::float8[], $3::camera_state[]) AS t(ms, state)`,
      [id, transitions.map(([at]) => at), transitions.map(([, state]) => state)],
    )
    await server.pool.query(
      `INSERT INTO outage (camera_id, started_at, ended_at, planned)
       SELECT $1, to_timestamp(a / 1000), to_timestamp(z / 1000), planned FROM unnest($2::float8[], $3::float8[], $4::bool[]) AS o(a, z, planned)`,
      [
        id,
        outages.map(({ from }) => from),
        outages.map(({ to }) => to),
        outages.map(({ planned = false }) => planned),
      ],
    )
  }
  return ids
}

/** The same, counted second by second. */
function countSeconds(
  { transitions, outages }: Known,
  from: number,
  to: number,
  inService: (at: number) => boolean,
): Counted {
  const counted = { ...NOTHING }
  const sides: Record<CameraState, 'up' | 'down' | 'unknown' | 'unreachable' | 'planned'> = {
    up: 'up',
    degraded: 'up',
    down: 'down',
    unknown: 'unknown',
    unreachable: 'unreachable',
    maintenance: 'planned',
  }
  for (let at = from; at < to; at += SECOND)
    if (inService(at))
      counted[sides[transitions.findLast(([moment]) => moment <= at)?.[1] ?? 'unknown']] += SECOND
  for (const outage of outages) {
    let lasted = 0
    for (let at = from; at < to; at += SECOND)
      if (inService(at) && outage.from <= at && at < (outage.to ?? Infinity)) lasted += SECOND
    if (lasted === 0 || outage.planned === true) continue
    counted.outages += 1
    counted.longest = Math.max(counted.longest, lasted)
    if (outage.to === null || outage.to > to) continue
    counted.ended += 1
    counted.repair += lasted
  }
  return counted
}

describe('what cameras did', () => {
  const START = Date.parse('2026-07-16T20:00:00+07:00')
  const second = fc.nat(40_000).map((offset) => START + offset * SECOND)
  const camera: fc.Arbitrary<Known> = fc.record({
    name: fc.constant('any'),
    transitions: fc
      .uniqueArray(fc.tuple(second, fc.constantFrom(...STATES)), { maxLength: 12, selector: ([at]) => at })
      .map((list) => list.sort(([a], [b]) => a - b)),
    outages: fc.uniqueArray(
      fc
        .record({
          from: second,
          lasting: fc.option(fc.integer({ min: 1, max: 30_000 })),
          planned: fc.boolean(),
        })
        .map(({ from, lasting, planned }) => ({
          from,
          to: lasting === null ? null : from + lasting * SECOND,
          planned,
        })),
      { maxLength: 4, selector: ({ from }) => from },
    ),
  })
  const hours: ServiceHours = { from: 22 * 60, to: 24 * 60, weekdays: [4, 5] }
  const owed = (at: number) => {
    const local = new Date(at + 7 * HOUR)
    return [4, 5].includes(local.getUTCDay()) && local.getUTCHours() >= 22
  }

  it.each([
    ['at all times', null, () => true],
    ['in service hours', hours, owed],
  ])('is exact to the second, %s', async (_name, service, inService) => {
    const cameras = fc.sample(camera, { numRuns: 25, seed: 7 })
    await keep(cameras)
    for (const [from, to] of [
      [START, START + 40_000 * SECOND],
      [START + 3_333 * SECOND, START + 15_001 * SECOND],
      [START - HOUR, START + 30_000 * SECOND],
    ] as const) {
      const days = service === null ? null : serviceDays(from, to, service, TIMEZONE)
      const counted = await countCameras(server.pool, new Date(from), new Date(to), days)
      const whole = counted.map(({ counted: one }) =>
        Object.fromEntries(Object.entries(one).map(([key, value]) => [key, Math.round(value as number)])),
      )
      expect(whole).toEqual(cameras.map((one) => countSeconds(one, from, to, inService)))
    }
  })
})

describe('the report', () => {
  const MONTH = Date.parse('2026-07-01T00:00:00+07:00')
  const at = (hours: number) => MONTH + hours * HOUR
  const ask = async (query: string) => {
    const answer = await look('GET', `/api/availability?${query}`)
    expect(answer.status).toBe(200)
    return answer.json as AvailabilityReport
  }
  beforeAll(async () => {
    const district = server.pack.districts[0]?.code ?? ''
    // 10 days of the month have passed: 240 hours.
    server.time.now = at(240)
    await keep([
      {
        name: 'Alun-alun',
        district,
        owner: '=Dishub',
        transitions: [
          [at(-5), 'up'],
          [at(100), 'down'],
          [at(106), 'up'],
        ],
        outages: [{ from: at(100), to: at(106) }],
      },
      {
        name: 'Balai kota',
        district,
        owner: '=Dishub',
        transitions: [
          [at(0), 'degraded'],
          [at(200), 'down'],
        ],
        outages: [{ from: at(200), to: null }],
      },
      { name: 'Celaket', enabled: false, transitions: [], outages: [] },
    ])
  })

  it('counts what has passed, and what may fail in what is to come', async () => {
    const report = await ask('from=2026-07-01&to=2026-07-31')
    const [worst, better, unseen] = report.rows
    expect(report.rows.map(({ name }) => name)).toEqual(['Balai kota', 'Alun-alun', 'Celaket'])
    expect(worst).toMatchObject({
      availability: 200 / 240,
      downSeconds: 144_000,
      outages: 1,
      mttrSeconds: null,
      longestSeconds: 144_000,
      metTarget: false,
    })
    expect(better).toMatchObject({ availability: 234 / 240, mttrSeconds: 21_600, mtbfSeconds: 234 * 3_600 })
    // 1 % of the month's 744 hours, 6 of them used
    expect(better?.leftSeconds).toBe(Math.floor(0.01 * 744 * 3_600) - 6 * 3_600)
    expect(unseen).toMatchObject({
      availability: null,
      unknownSeconds: 240 * 3_600,
      leftSeconds: 0,
      metTarget: null,
    })
    expect(report.total).toMatchObject({ cameras: 3, availability: 434 / 480, outages: 2 })
  })
  it('of districts and owners is of all their cameras', async () => {
    const { rows } = await ask('from=2026-07-01&to=2026-07-31&by=district')
    expect(rows.map(({ key, name, cameras }) => [key, name, cameras])).toEqual([
      [server.pack.districts[0]?.code, server.pack.districts[0]?.name, 2],
      ['', '', 1],
    ])
    expect((await ask('from=2026-07-01&to=2026-07-31&by=owner')).rows.map(({ name }) => name)).toEqual([
      '=Dishub',
      '',
    ])
  })
  it('of a period that has not begun knows what may fail in it', async () => {
    const { total } = await ask('from=2026-08-01&to=2026-08-01')
    expect(total).toMatchObject({
      availability: null,
      upSeconds: 0,
      unknownSeconds: 0,
      leftSeconds: Math.floor(0.01 * 2 * 86_400),
    })
  })
  it('counts within service hours', async () => {
    const admin = server.as('admin')
    const contract = { target: 0.9, hours: { from: 480, to: 960, weekdays: [1, 2, 3, 4, 5] } }
    await admin('PUT', '/api/settings/contract', contract)
    // From the 1st, a Wednesday, to the 10th are 8 working days of 8 hours. Balai kota fails on the 9th at 08:00.
    const { rows } = await ask('from=2026-07-01&to=2026-07-10')
    expect(rows[0]).toMatchObject({ upSeconds: 48 * 3_600, downSeconds: 16 * 3_600 })
    // Alun-alun failed on Sunday the 5th from 04:00 to 10:00, when nothing was owed.
    expect(rows[1]).toMatchObject({ availability: 1, outages: 0, longestSeconds: null })
    await admin('PUT', '/api/settings/contract', { target: 0.99, hours: null })
  })

  it('is handed over as CSV, of which no cell is a formula', async () => {
    const answer = await look('GET', '/api/availability/report?month=2026-07&by=owner&format=csv')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="ketersediaan-2026-07-owner-demo.csv"',
    })
    const lines = parse(answer.bytes, { bom: true, delimiter: ';', relax_column_count: true }) as string[][]
    expect(lines[0]?.slice(0, 3)).toEqual(['Pemilik', 'Jumlah kamera', 'Ketersediaan (%)'])
    expect(lines[1]?.slice(0, 3)).toEqual(['Semua kamera', '3', '90,41667'])
    expect(lines[2]?.[0]).toBe("'=Dishub")
    expect(lines.at(-6)?.[0]).toContain('DATA DEMO')
    const english = await look('GET', '/api/availability/report?month=2026-07&by=owner&format=csv&lang=en')
    expect(english.bytes.toString()).toContain('Owner,Cameras,Availability (%)')
  })
  it('is handed over as a spreadsheet of numbers', async () => {
    const answer = await look('GET', '/api/availability/report?month=2026-07&by=camera&lang=en')
    // each costs this process a quarter of a second
    expect(answer.headers['x-ratelimit-limit']).toBe('30')
    const [header, total, worst] = await readSheet(answer.bytes)
    expect(header?.slice(0, 3)).toEqual(['Camera', 'Cameras', 'Availability (%)'])
    expect(total?.slice(0, 3)).toEqual(['All cameras', 3, 434 / 480])
    expect([worst?.[0], worst?.at(-2), worst?.at(-1)]).toEqual(['Balai kota', expect.any(Number), 'no'])
    const notes = (await readSheet(answer.bytes, 2)).flat()
    expect(notes.join(' ')).toMatch(/DEMO DATA.*1 July 2026.*Target: 99%.*at all times/)
  })
  it.each([
    ['/api/availability?from=2026-07-01&to=2026-06-01', 'from'],
    ['/api/availability?from=2026-07-01&to=2026-07-02&by=colour', 'by'],
    ['/api/availability/report?month=2026-13', 'month'],
    ['/api/outages/heat?from=2026-07-01&to=2026-08-01', 'to'],
  ])('%s is refused: %s', async (url, field) => {
    expect(await look('GET', url)).toMatchObject({ status: 400, json: { field } })
  })
})

it('shows what of each hour each camera was down, rolled up or not', async () => {
  const start = Date.parse('2026-07-14T20:00:00Z')
  const at = (minutes: number) => start + minutes * 60_000
  const ids = await keep([
    {
      name: 'A',
      transitions: [
        [at(0), 'up'],
        [at(30), 'down'],
        [at(135), 'unknown'],
        [at(165), 'down'],
      ],
      outages: [],
    },
    {
      name: 'B',
      transitions: [
        [at(-60), 'up'],
        [at(150), 'unreachable'],
      ],
      outages: [],
    },
    { name: 'never seen', transitions: [], outages: [] },
  ])
  server.time.now = at(225)
  const heat = async () => {
    const answer = await look('GET', `/api/outages/heat?from=2026-07-14T20:00:00Z&to=2026-07-15T05:00:00Z`)
    return answer.json as OutageHeat
  }
  const expected = {
    hours: [0, 60, 120, 180].map((minutes) => new Date(at(minutes)).toISOString()),
    rows: [
      { cameraId: ids[0], down: [0.5, 1, 1, 1] },
      { cameraId: ids[1], down: [0, 0, 0, null] },
    ],
  }
  expect(await heat()).toEqual(expected)
  await server.pool.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [new Date(at(0))])
  await rollUp(server.pool, new Date(at(130)), TIMEZONE)
  expect((await server.pool.query('SELECT FROM camera_hour')).rows).toHaveLength(6)
  expect(await heat()).toEqual(expected)
})
