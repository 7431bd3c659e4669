import type { InjectOptions } from 'fastify'
import { buildApp } from '../../app.ts'
import { loadPack } from '../../cities/index.ts'
import { readConfig } from '../../config.ts'
import { testDatabase } from '../../database/testing/index.ts'
import { Bus, type Facts } from '../../live/bus.ts'
import { createLog } from '../../log.ts'
import type { Role } from '#contract/viewer.ts'

const HOST = 'pantau.test'
const PASSWORD = 'a long enough secret'

export interface Answer {
  status: number
  /** null where it is no JSON */
  json: unknown
  headers: Record<string, unknown>
  bytes: Buffer
}
export type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  type?: string,
) => Promise<Answer>

/** The whole server on a database of its own, asked as a guest or as someone with a role, at a time of one's choice. */
export async function testCameras(environment: Record<string, string> = {}) {
  const database = await testDatabase()
  const pack = await loadPack('malang')
  const time = { now: Date.parse('2026-07-15T03:00:00Z') }
  const bus = new Bus()
  const told: { name: keyof Facts; fact: unknown }[] = []
  for (const name of ['cameras:listed', 'cameras:changed', 'probe:configured'] as const)
    bus.on(name, (fact) => told.push({ name, fact }))
  const config = readConfig({ CREDENTIALS_KEY: '11'.repeat(32), ...environment })
  const context = {
    config,
    pool: database.pool,
    clock: () => new Date(time.now),
    pack,
    bus,
    log: createLog('silent'),
  }
  const { app, access } = await buildApp(context)
  const cookies = new Map<string, Promise<string>>()

  const cookieOf = (role: Role, name: string): Promise<string> => {
    const known = cookies.get(name) ?? signIn(role, name)
    cookies.set(name, known)
    return known
  }
  const signIn = async (role: Role, name: string): Promise<string> => {
    const username = `the-${name}`
    await access.accounts.create({ username, name, role, password: PASSWORD }, 'test')
    const answer = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { host: HOST, origin: `http://${HOST}` },
      payload: { username, password: PASSWORD },
    })
    const cookie = [answer.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0]
    if (cookie === undefined) throw new Error(`sign-in failed: ${answer.body}`)
    return cookie
  }
  /** Sends as somebody with that role, as the same one each time or as the one of a name; without a role as a guest. */
  const as =
    (role?: Role, name: string = role ?? 'guest'): Send =>
    async (method, url, body, type) => {
      const request: InjectOptions = {
        method,
        url,
        headers: {
          host: HOST,
          origin: `http://${HOST}`,
          ...(role === undefined ? {} : { cookie: await cookieOf(role, name) }),
          ...(type === undefined && body !== null ? {} : { 'content-type': type ?? 'application/json' }),
        },
      }
      if (body !== undefined) request.payload = body === null ? 'null' : (body as object)
      const answer = await app.inject(request)
      const isJson = String(answer.headers['content-type']).startsWith('application/json')
      return {
        status: answer.statusCode,
        json: isJson ? (answer.json() as unknown) : null,
        headers: answer.headers,
        bytes: answer.rawPayload,
      }
    }
  const close = async () => {
    await app.close()
    await database.drop()
  }
  return { app, pool: database.pool, pack, context, time, told, as, close }
}
export type TestCameras = Awaited<ReturnType<typeof testCameras>>
