import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { networkOf } from '../access/limiter.ts'
import type { App } from '../context.ts'
import { AppError } from '../errors.ts'
import { PLAYLIST } from './remux.ts'
import { explained, type Video } from './video.ts'

const CameraId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Ticket = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const MOST_SDP_BYTES = 64 * 1024
const M3U8 = 'application/vnd.apple.mpegurl'
const anything = { schema: Type.Unknown() }

/** Whoever may look may watch. Guests are told apart by where they come from, all others by their session. */
function viewerOf({ viewer, ip }: FastifyRequest): string {
  return viewer === null || viewer.kind === 'guest' ? `guest ${networkOf(ip)}` : viewer.key
}

export function videoRoutes(app: App, video: Video): void {
  app.post(
    '/api/cameras/:id/watch',
    {
      schema: {
        tags: ['video'],
        summary: 'Ask for the live video of a camera',
        params: Type.Object({ id: CameraId }),
        body: Type.Object(
          {
            /** a way that did not work from where the viewer is */
            without: Type.Optional(Type.Union([Type.Literal('hls'), Type.Literal('whep')])),
          },
          closed,
        ),
        response: {
          200: Type.Object({
            kind: Type.Union([Type.Literal('hls'), Type.Literal('whep')]),
            url: Type.String(),
          }),
        },
      },
    },
    async (request) => {
      const { ticket, kind } = await video.watch(request.params.id, viewerOf(request), request.body.without)
      return { kind, url: `/api/video/${ticket}/${kind === 'whep' ? 'whep' : PLAYLIST}` }
    },
  )

  app.get(
    '/api/cameras/:id/snapshot',
    {
      // a mosaic asks for each of its cameras every few seconds, and all who look share one picture
      config: { rateLimit: false },
      schema: {
        tags: ['video'],
        summary: 'Read a fresh picture of a camera',
        params: Type.Object({ id: CameraId }),
        querystring: Type.Object({ at: Type.Optional(Type.String({ maxLength: 30 })) }, closed),
        response: { 200: { content: { 'image/jpeg': anything } } },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const jpeg = await told(async () => video.snapshots.get(id, await video.placeOf(id)))
      return reply.type('image/jpeg').header('cache-control', 'private, no-store').send(jpeg)
    },
  )

  app.get(
    '/api/video/:ticket/:name',
    {
      // a player asks for two parts a second, of each of its videos
      config: { rateLimit: false },
      schema: {
        tags: ['video'],
        summary: 'Read a playlist or a part of a video that was asked for',
        params: Type.Object({ ticket: Ticket, name: Type.String({ pattern: '^[a-z0-9.]{1,20}$' }) }),
        querystring: Type.Object({ u: Type.Optional(Type.String({ maxLength: 8_000 })) }, closed),
        response: {
          200: { content: { [M3U8]: anything, 'video/mp2t': anything } },
          206: { content: { 'video/mp2t': anything } },
        },
      },
    },
    async (request, reply) => {
      const { ticket, name } = request.params
      const { u } = request.query
      const { how, cameraId, place } = video.use(ticket, viewerOf(request))
      void reply.header('cache-control', 'no-store')
      return told(async () => {
        if (how.kind === 'rtsp' && name === PLAYLIST)
          return reply.type(M3U8).send(await video.remuxes.playlist(cameraId, place))
        if (how.kind === 'rtsp')
          return reply.type('video/mp2t').send(await video.remuxes.segment(cameraId, name))
        if (how.kind === 'hls' && name === PLAYLIST) return reply.type(M3U8).send(await how.proxy.playlist())
        if (how.kind === 'hls' && name === 'list.m3u8' && u !== undefined)
          return reply.type(M3U8).send(await how.proxy.playlist(u))
        if (how.kind === 'hls' && name.startsWith('part.') && u !== undefined) {
          const { status, headers, body } = await how.proxy.part(u, request.headers.range)
          return reply.code(status).headers(headers).send(body)
        }
        throw new AppError('not-found', 'This video has no such part.')
      })
    },
  )

  void app.register(async (scope) => {
    const sdp = { parseAs: 'string' as const, bodyLimit: MOST_SDP_BYTES }
    scope.addContentTypeParser('application/sdp', sdp, (_request, body, done) => done(null, body))
    whepRoutes(scope as App, video)
  })
}

function whepRoutes(app: App, video: Video): void {
  const params = Type.Object({ ticket: Ticket })
  app.post(
    '/api/video/:ticket/whep',
    {
      schema: {
        tags: ['video'],
        summary: 'Offer WebRTC to the media server of a camera (WHEP)',
        consumes: ['application/sdp'],
        params,
        response: { 201: { content: { 'application/sdp': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const { how, cameraId } = video.use(request.params.ticket, viewerOf(request))
      if (how.kind !== 'whep' || typeof request.body !== 'string')
        throw new AppError('bad-input', 'This video takes no SDP offer.')
      const offer = request.body
      const answer = await told(() => how.whep.exchange(offer)).catch((error: unknown) => {
        video.whepFailed(cameraId)
        throw error
      })
      return reply.code(201).type('application/sdp').header('location', request.url).send(answer)
    },
  )
  app.delete(
    '/api/video/:ticket/whep',
    {
      schema: {
        tags: ['video'],
        summary: 'Leave a video that plays by WebRTC',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      video.use(request.params.ticket, viewerOf(request))
      video.tickets.end(request.params.ticket)
      return reply.code(204).send(null)
    },
  )
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explained(error)
  }
}
