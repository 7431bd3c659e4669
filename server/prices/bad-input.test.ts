import { afterAll, beforeAll, expect, it } from 'vitest'
import { testCameras, type TestCameras } from '../cameras/testing/index.ts'

const DAY = '2026-07-14'
const CHILI = 'cabai-rawit-merah'
let server: TestCameras
beforeAll(async () => {
  server = await testCameras()
  await server.pool.query(
    `INSERT INTO market (code, name, level) VALUES ('pasar-besar', 'Pasar Besar', 'market')`,
  )
  const { rows } = await server.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('portal', 'prices', 'pull', 'x', 'Portal') RETURNING number`,
  )
  const feed = rows[0]?.number
  await server.pool.query(
    `INSERT INTO quote (day, market, commodity, feed, price) VALUES ($1, 'pasar-besar', $2, $3, 100)`,
    [DAY, CHILI, feed],
  )
  await server.pool.query(
    `INSERT INTO quality_flag (day, commodity, market, feed, price, check_name, severity, facts, raised_at)
     VALUES ($1, $2, 'pasar-besar', $3, 100, 'jump', 'error', '{}', now())`,
    [DAY, CHILI, feed],
  )
})
afterAll(() => server.close())

const correction = {
  commodity: CHILI,
  market: 'pasar-besar',
  day: DAY,
  feed: 'portal',
  revision: 1,
  price: 200,
  reason: 'misread',
}
const settings = {
  deadline: '09:00',
  reminderMinutes: 60,
  publish: 'on-verification',
  publicPage: false,
  tvPage: false,
}

it.each<[string, Parameters<ReturnType<TestCameras['as']>>]>([
  ['a zero character in a code', ['POST', '/api/prices/corrections', { ...correction, commodity: 'x\0' }]],
  ['a reason of blanks', ['POST', '/api/prices/corrections', { ...correction, reason: '   ' }]],
  ['a month before there were any', ['POST', '/api/prices/locks', { month: '0000-01', reason: 'reported' }]],
  ['a base month of the year 0', ['PUT', '/api/settings/prices', { ...settings, baseMonth: '0000-01' }]],
  ['a zero character in a filter', ['GET', '/api/prices/flags?market=%00']],
])('refuses %s, and does not fail', async (_name, asked) => {
  expect((await server.as('admin')(...asked)).status).toBe(400)
})

it('keeps half a character of a reason as one that the audit can hold', async () => {
  const admin = server.as('admin')
  const half = 'half \ud800'
  const flag = (await server.pool.query<{ id: number }>('SELECT id FROM quality_flag')).rows[0]?.id
  for (const [url, body] of [
    ['/api/prices/corrections', { ...correction, reason: half }],
    [`/api/prices/flags/${flag}/outcome`, { outcome: 'genuine', note: half }],
    ['/api/prices/locks', { month: '2026-05', reason: half }],
  ] as const)
    expect((await admin('POST', url, body)).status, url).toBe(200)
  const { rows } = await server.pool.query<{ said: string }>(
    `SELECT coalesce(detail->>'reason', detail->>'note') AS said FROM audit
     WHERE action IN ('price-corrected', 'flag-settled', 'month-closed')`,
  )
  expect(rows.map(({ said }) => said)).toEqual(Array(3).fill('half \uFFFD'))
})
