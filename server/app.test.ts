import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TSchema } from 'typebox'
import { buildApp, type Built } from './app.ts'
import { loadPack } from './cities/index.ts'
import { readConfig } from './config.ts'
import { testDatabase, type TestDatabase } from './database/testing/index.ts'
import { Bus } from './live/bus.ts'
import { createLog } from './log.ts'

interface Operation {
  tags?: string[]
  summary?: string
  parameters?: { in: string; name: string; schema: object }[]
  requestBody?: { content: Record<string, { schema: { items?: object } }> }
  responses: Record<string, { content?: object }>
}

const KEY = `pk_${'A'.repeat(43)}`
let database: TestDatabase
let built: Built
beforeAll(async () => {
  database = await testDatabase()
  const config = readConfig({ INGEST_MAX_BYTES: '1024' })
  const pack = await loadPack('malang')
  const log = createLog('silent')
  await database.pool.query(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('survey', 'prices', 'push', 'push', 'Survey')`,
  )
  await database.pool.query(
    `INSERT INTO feed_key (feed_id, name, hint, hash) VALUES ('survey', 'k', '', $1)`,
    [createHash('sha256').update(KEY).digest()],
  )
  built = await buildApp({ config, pool: database.pool, clock: () => new Date(), pack, bus: new Bus(), log })
})
afterAll(async () => {
  await built.app.close()
  await database.drop()
})

/** Every route as OpenAPI tells of it; what is hidden there is the page alone. */
function operations(): [name: string, operation: Operation][] {
  const paths = built.app.swagger().paths as Record<string, Record<string, Operation>>
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
}
const without = (fits: (operation: Operation) => boolean) =>
  operations()
    .filter(([, operation]) => !fits(operation))
    .map(([name]) => name)

describe('the API', () => {
  it('tells of all its routes', () => {
    expect(operations().length).toBeGreaterThan(30)
    expect(without(({ tags, summary }) => tags?.length === 1 && (summary?.length ?? 0) > 5)).toEqual([])
  })

  it('says of every route what it answers, and how a failure looks', () => {
    const success = ([status, { content }]: [string, { content?: object }]) =>
      status === '204' || (status.startsWith('2') && content !== undefined)
    expect(without(({ responses }) => Object.entries(responses).some(success))).toEqual([])
    expect(without(({ responses }) => ['4XX', '5XX'].every((status) => responses[status]?.content))).toEqual(
      [],
    )
  })

  it('takes no key that nobody reads', () => {
    const isClosed = (schema: TSchema & { type?: string; items?: TSchema; anyOf?: TSchema[] }): boolean => {
      if (schema.items !== undefined) return isClosed(schema.items)
      if (schema.anyOf !== undefined) return schema.anyOf.every(isClosed)
      return (
        schema.type === 'null' || ('additionalProperties' in schema && schema.additionalProperties === false)
      )
    }
    const closed = ({ requestBody }: Operation) =>
      Object.values(requestBody?.content ?? {}).every(({ schema }) => isClosed(schema))
    expect(without(closed)).toEqual([])
  })
})

describe('a failure', () => {
  const origin = { origin: 'http://localhost:80', host: 'localhost:80' }
  /** of a push feed for prices, made before the tests */
  const authorization = `Bearer ${KEY}`
  const json = { ...origin, 'content-type': 'application/json' }
  const login = { method: 'POST', url: '/api/session', headers: json } as const
  it.each([
    [
      'a field of the wrong kind',
      { ...login, payload: { username: 'a', password: 1 } },
      400,
      { error: 'bad-input', field: 'password', expected: 'must be string' },
    ],
    [
      'a missing field',
      { ...login, payload: { username: 'a' } },
      400,
      { error: 'bad-input', field: 'password', expected: 'is required' },
    ],
    [
      'an unknown field',
      { ...login, payload: { username: 'a', password: 'b', extra: 1 } },
      400,
      { error: 'bad-input', field: 'extra', expected: 'is unknown here' },
    ],
    ['an unknown key in a query', { url: '/api/prices/board?dya=2026-01-01' }, 400, { field: 'dya' }],
    ['a query where there is none', { url: '/api/cameras?state=down' }, 400, { field: 'state' }],
    [
      'a number that is none',
      { url: '/api/feeds/x/runs?limit=many' },
      400,
      { field: 'limit', expected: 'must be integer' },
    ],
    ['no JSON', { ...login, payload: '{"username":' }, 400, { error: 'bad-input' }],
    ['no sign-in', { url: '/api/accounts' }, 401, { error: 'not-signed-in' }],
    [
      'no key, before its body is looked at',
      { method: 'POST', url: '/api/ingest/prices', payload: ['x'.repeat(2_000)] },
      401,
      { error: 'not-signed-in' },
    ],
    ['no key', { method: 'POST', url: '/api/ingest/prices', payload: [] }, 401, { error: 'not-signed-in' }],
    [
      'a foreign page',
      { ...login, headers: { ...json, origin: 'http://else.example' }, payload: {} },
      403,
      { error: 'forbidden' },
    ],
    ['nothing there', { url: '/api/cameras/1' }, 404, { error: 'not-found' }],
    ['no such route', { url: '/api/nothing' }, 404, { error: 'not-found' }],
    [
      'too much',
      { method: 'POST', url: '/api/ingest/prices', headers: { authorization }, payload: ['x'.repeat(2_000)] },
      413,
      { error: 'too-large', limit: 1024 },
    ],
    [
      'another type',
      { ...login, headers: { ...json, 'content-type': 'text/csv' }, payload: 'a;b' },
      415,
      { error: 'wrong-type', field: 'content-type', expected: 'application/json' },
    ],
    [
      'another type of rows',
      {
        method: 'POST',
        url: '/api/ingest/prices',
        headers: { authorization, 'content-type': 'text/csv' },
        payload: 'a;b',
      },
      415,
      { expected: 'application/json or application/x-ndjson' },
    ],
  ] as const)('of %s has the one form', async (_name, request, status, body) => {
    const answer = await built.app.inject(request as object)
    expect(answer.json()).toMatchObject({
      message: expect.any(String) as string,
      requestId: expect.any(String) as string,
      ...body,
    })
    expect(answer.statusCode).toBe(status)
  })

  it('of too many requests counts them however their address is written', async () => {
    const ask = (url: string) => built.app.inject({ url, remoteAddress: '10.9.9.8' })
    const statuses: number[] = []
    for (let turn = 0; turn < 601; turn += 1) statuses.push((await ask('/%61pi/session')).statusCode)
    expect(statuses.slice(-2)).toEqual([200, 429])
  })
  it('of too many requests has the one form, and says when to come back', async () => {
    const ask = () => built.app.inject({ url: '/api/session', remoteAddress: '10.9.9.9' })
    let answer = await ask()
    for (let n = 0; n < 600 && answer.statusCode === 200; n++) answer = await ask()
    expect(answer.statusCode).toBe(429)
    expect(answer.json()).toMatchObject({ error: 'too-many', requestId: expect.any(String) as string })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })
})

it('browses itself under its own content policy: no script stands in the page', async () => {
  const page = await built.app.inject('/api/docs')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  expect(page.body).toContain('swagger-ui-bundle.js')
  expect(page.body).not.toMatch(/<script(?![^>]*src=)[^>]*>/)
})
