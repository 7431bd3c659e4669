import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { App } from '../../../context.ts'
import { testDatabase, type TestDatabase } from '../../../database/testing/index.ts'
import { handleError } from '../../../errors.ts'
import { compileValidator } from '../../../validation.ts'
import type { PictureMemory } from './check-picture.ts'
import { keepEvidence, linkPictures } from './pictures-store.ts'
import { pictureRoutes } from './routes.ts'

let database: TestDatabase
let app: App
beforeAll(async () => {
  database = await testDatabase()
  app = Fastify() as unknown as App
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  pictureRoutes(app, { pool: database.pool })
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

const at = (minutes: number) => new Date(Date.parse('2026-07-01T00:00:00Z') + minutes * 60_000)
const camera = async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name) VALUES (gen_random_uuid()::text, 'Camera') RETURNING id`,
  )
  return rows[0]?.id ?? 0
}
const outage = async (id: number, minutes: number) => {
  const { rows } = await database.pool.query<{ id: number }>(
    'INSERT INTO outage (camera_id, started_at) VALUES ($1, $2) RETURNING id',
    [id, at(minutes)],
  )
  return rows[0]?.id ?? 0
}
const pictures = async (id: number) => {
  const { rows } = await database.pool.query<{
    kind: string
    fault: string | null
    jpeg: Buffer
    id: number
  }>('SELECT id, kind, fault, jpeg FROM camera_picture WHERE camera_id = $1 ORDER BY id', [id])
  return rows
}
const linked = async (id: number) => {
  const { rows } = await database.pool.query<{ good: number | null; bad: number | null }>(
    'SELECT good_picture AS good, bad_picture AS bad FROM outage WHERE id = $1',
    [id],
  )
  return rows[0]
}
const shot = (text: string, memory: PictureMemory, fault?: 'black' | 'frozen') => ({
  finding: fault === undefined ? null : { layer: 'picture' as const, fault, detail: '' },
  memory,
  thumbnail: Buffer.from(text),
})
const keep = (id: number, minutes: number, text: string, memory: PictureMemory, fault?: 'black' | 'frozen') =>
  keepEvidence(database.pool, id, at(minutes), shot(text, memory, fault))

it('keeps the last good picture, written over every quarter of an hour, and the first bad one of a fault', async () => {
  const id = await camera()
  let memory = await keep(id, 0, 'one', {})
  memory = await keep(id, 5, 'two', memory)
  expect((await pictures(id)).map(({ jpeg }) => String(jpeg))).toEqual(['one'])
  memory = await keep(id, 16, 'three', memory)
  memory = await keep(id, 20, 'black', memory, 'black')
  memory = await keep(id, 25, 'still black', memory, 'black')
  memory = await keep(id, 30, 'good again', memory)
  await keep(id, 31, 'black again', memory, 'black')
  expect((await pictures(id)).map(({ kind, jpeg }) => [kind, String(jpeg)])).toEqual([
    ['good', 'three'],
    ['bad', 'black'],
    ['bad', 'black again'],
  ])
})

it('keeps nothing where no picture came', async () => {
  const id = await camera()
  const finding = { layer: 'picture' as const, fault: 'no-picture' as const, detail: 'timeout' }
  await keepEvidence(database.pool, id, at(0), { finding, memory: {}, thumbnail: null })
  expect(await pictures(id)).toEqual([])
})

it('links an outage to the good picture before it, which then stays, and to the bad one', async () => {
  const id = await camera()
  const memory = await keep(id, 0, 'before', {})
  const first = await outage(id, 10)
  await linkPictures(database.pool, [id])
  const seen = await keep(id, 12, 'black', memory, 'black')
  await database.pool.query('UPDATE outage SET ended_at = $2 WHERE id = $1', [first, at(20)])
  await keep(id, 21, 'after', seen)
  const [before, black, after] = await pictures(id)
  expect([before, black, after].map((picture) => [picture?.kind, String(picture?.jpeg)])).toEqual([
    ['before', 'before'],
    ['bad', 'black'],
    ['good', 'after'],
  ])
  expect(await linked(first)).toEqual({ good: before?.id, bad: black?.id })
  const second = await outage(id, 40)
  await linkPictures(database.pool, [id])
  expect(await linked(second)).toEqual({ good: after?.id, bad: null })
})

it('trims old bad pictures to which no outage points', async () => {
  const id = await camera()
  const open = await outage(id, 0)
  for (let turn = 0; turn < 25; turn += 1) await keep(id, turn, `bad ${turn}`, {}, 'frozen')
  const kept = (await pictures(id)).map(({ jpeg }) => String(jpeg))
  expect(kept).toHaveLength(21)
  expect([kept[0], kept[1], kept.at(-1)]).toEqual(['bad 0', 'bad 5', 'bad 24'])
  expect((await linked(open))?.bad).toBe((await pictures(id))[0]?.id)
})

it('gives a picture of that camera only, and again only where it has changed', async () => {
  const [id, other] = [await camera(), await camera()]
  await keep(id, 0, 'picture', {})
  const picture = (await pictures(id))[0]?.id
  const url = `/api/cameras/${id}/pictures/${picture}`
  const answer = await app.inject(url)
  expect([answer.statusCode, answer.body]).toEqual([200, 'picture'])
  expect(answer.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  })
  const again = await app.inject({ url, headers: { 'if-none-match': String(answer.headers.etag) } })
  expect(again.statusCode).toBe(304)
  expect((await app.inject(`/api/cameras/${other}/pictures/${picture}`)).statusCode).toBe(404)
})
