import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type InjectOptions } from 'fastify'
import type { App, Context } from '../../context.ts'
import { testDatabase } from '../../database/testing/index.ts'
import { handleError } from '../../errors.ts'
import { Bus } from '../../live/bus.ts'
import { compileValidator } from '../../validation.ts'
import { accessRoutes, createAccess, type Access } from '../index.ts'

const HOST = 'pantau.test'
export const ORIGIN = `http://${HOST}`
export const ADMIN = { username: 'ratna', name: 'Ratna', password: 'a long enough secret' }

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A server with access alone, on a database and a clock of its own. */
export async function testAccess(options: { guestsMayLook?: boolean; publicUrl?: string } = {}) {
  const database = await testDatabase()
  const time = { now: Date.parse('2026-07-01T01:00:00Z') }
  const ended: string[] = []
  const app: App = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  const bus = new Bus()
  bus.on('session:ended', ({ viewer }) => ended.push(viewer))
  const context = {
    config: {
      guestsMayLook: options.guestsMayLook ?? false,
      publicUrl: options.publicUrl,
      trustProxy: false,
    },
    pool: database.pool,
    clock: () => new Date(time.now),
    bus,
    log: app.log,
  } as unknown as Context
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  const access: Access = createAccess(context)
  access.registerGuard(app)
  accessRoutes(app, context, access)
  app.get('/api/looked', async (request) => request.viewer)
  app.get('/api/reported', { config: { access: ['viewer'] } }, async () => ({ done: true }))
  app.post('/api/operated', { config: { access: ['operator', 'admin'] } }, async () => ({ done: true }))
  app.post('/api/ingest/pushed', { config: { access: 'public' } }, async () => ({ done: true }))
  app.get('/page', async () => 'page')
  await app.ready()

  const send = async (
    method: Method,
    url: string,
    body?: unknown,
    from: { cookie?: string | undefined; ip?: string; headers?: Record<string, string> } = {},
  ) => {
    const headers = from.headers ?? { origin: options.publicUrl ?? ORIGIN }
    const request: InjectOptions = {
      method,
      url,
      remoteAddress: from.ip ?? '10.0.0.1',
      headers: { host: HOST, ...headers, ...(from.cookie === undefined ? {} : { cookie: from.cookie }) },
    }
    if (body !== undefined) request.payload = body as object
    const answer = await app.inject(request)
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    const json: unknown = String(answer.headers['content-type']).startsWith('application/json')
      ? answer.json()
      : null
    return {
      status: answer.statusCode,
      json,
      headers: answer.headers,
      cookies,
      cookie: cookies[0]?.split(';')[0],
    }
  }
  const setUp = async () => {
    const path = await access.ensureSetup()
    const answer = await send('POST', '/api/setup', { token: path?.slice('/setup/'.length), ...ADMIN })
    if (answer.cookie === undefined) throw new Error(`set-up failed: ${JSON.stringify(answer.json)}`)
    return answer.cookie
  }
  const signIn = (username: string, password: string, ip?: string) =>
    send('POST', '/api/session', { username, password }, ip === undefined ? {} : { ip })
  const close = async () => {
    await app.close()
    await database.drop()
  }
  return { app, access, pool: database.pool, time, ended, send, setUp, signIn, close }
}
export type TestAccess = Awaited<ReturnType<typeof testAccess>>
