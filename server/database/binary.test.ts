import { afterAll, beforeAll, expect, it } from 'vitest'
import { int4Array, timestampArray } from './binary.ts'
import { testDatabase, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())

async function readBack(type: string, array: Buffer): Promise<unknown> {
  const { rows } = await database.pool.query<{ read: unknown }>(`SELECT $1::${type}[] AS read`, [array])
  return rows[0]?.read
}

it.each([[[]], [[1]], [[0, -1, 2_147_483_647, -2_147_483_648]]])('sends the integers %j', async (values) => {
  expect(await readBack('int', int4Array(values))).toEqual(values)
})

it.each([
  [[]],
  [['2026-06-01T00:00:00.001Z', '2000-01-01T00:00:00.000Z']],
  [['1999-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z', '2199-02-28T12:34:56.789Z']],
])('sends the times %j', async (times) => {
  const dates = times.map((time) => new Date(time))
  expect(await readBack('timestamptz', timestampArray(dates.map((date) => date.getTime())))).toEqual(dates)
})
