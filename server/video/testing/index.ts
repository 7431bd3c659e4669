import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import type { Targets } from '#contract/probing.ts'
import { createAccess } from '../../access/index.ts'
import { allowedNetworks } from '../../cameras/probe/allowed.ts'
import { pictureRoutes } from '../../cameras/probe/picture/index.ts'
import { seal } from '../../cameras/probe/secrets.ts'
import type { Credentials } from '../../cameras/probe/types.ts'
import type { App, Context } from '../../context.ts'
import { testDatabase } from '../../database/testing/index.ts'
import { handleError } from '../../errors.ts'
import { Bus } from '../../live/bus.ts'
import { compileValidator } from '../../validation.ts'
import { createVideo, videoRoutes, VIDEO_LIMITS, type VideoLimits } from '../index.ts'

/** A server with video alone, that listens, guests being welcome; on a database and a folder of its own. */
export async function testVideo(limits: Partial<VideoLimits> = {}, program = 'ffmpeg') {
  const database = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'pantau-video-'))
  const key = Buffer.alloc(32, 7)
  const bus = new Bus()
  const app: App = Fastify({ forceCloseConnections: true }).withTypeProvider<TypeBoxTypeProvider>()
  const context = {
    config: { dataDir, credentialsKey: key, guestsMayLook: true, publicUrl: undefined, trustProxy: false },
    pool: database.pool,
    clock: () => new Date(),
    bus,
    log: app.log,
  } as unknown as Context
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  createAccess(context).registerGuard(app)
  const video = await createVideo(context, {
    allowed: allowedNetworks(['127.0.0.0/8']),
    now: () => Date.now(),
    limits: { ...VIDEO_LIMITS, ...limits },
    program,
  })
  videoRoutes(app, video)
  pictureRoutes(app, context)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  /** Its id. */
  const camera = async (targets: Targets, credentials?: Credentials): Promise<number> => {
    const { rows } = await database.pool.query<{ id: number }>(
      `INSERT INTO camera (stream_id, name, targets) VALUES (gen_random_uuid()::text, 'Camera', $1) RETURNING id`,
      [targets],
    )
    const id = rows[0]?.id ?? 0
    if (credentials !== undefined)
      await database.pool.query('UPDATE camera SET secret = $2 WHERE id = $1', [
        id,
        seal(key, id, credentials),
      ])
    return id
  }
  const watch = async (id: number, body: object = {}) => {
    const answer = await fetch(`${origin}/api/cameras/${id}/watch`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const json = (await answer.json()) as { kind: string; url: string; error?: string; message?: string }
    return { status: answer.status, ...json, url: origin + json.url }
  }
  const close = async () => {
    await video.close()
    await app.close()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { app, video, bus, origin, dataDir, pool: database.pool, camera, watch, close }
}
export type TestVideo = Awaited<ReturnType<typeof testVideo>>

/** The addresses that a playlist names, as a player asks for them. */
export function named(playlist: string, url: string): string[] {
  return playlist
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new URL(line, url).href)
}
