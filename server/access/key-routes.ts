import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import type { App } from '../context.ts'
import type { Access } from './index.ts'
import { FeedId, FeedKeyInfo, iso, isoOrNull, Name, Nothing, NumberInPath } from './schemas.ts'
import { actorOf } from './viewer.ts'

export function keyRoutes(app: App, { keys }: Access): void {
  app.get(
    '/api/feeds/:id/keys',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: "List a feed's keys",
        params: Type.Object({ id: FeedId }),
        response: { 200: Type.Object({ keys: Type.Array(FeedKeyInfo) }) },
      },
    },
    async (request) => ({
      keys: (await keys.list(request.params.id)).map((key) => ({
        ...key,
        createdAt: iso(key.createdAt),
        revokedAt: isoOrNull(key.revokedAt),
      })),
    }),
  )

  app.post(
    '/api/feeds/:id/keys',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Create a feed key; it is shown in this answer only',
        params: Type.Object({ id: FeedId }),
        body: Type.Object({ name: Name }, closed),
        response: { 201: Type.Object({ id: Type.Integer(), key: Type.String() }) },
      },
    },
    async (request, reply) => {
      const made = await keys.create(request.params.id, request.body.name, actorOf(request.viewer).actor)
      return reply.header('cache-control', 'no-store').code(201).send(made)
    },
  )

  app.delete(
    '/api/feeds/:id/keys/:keyId',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Revoke a feed key',
        params: Type.Object({ id: FeedId, keyId: NumberInPath }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await keys.revoke(request.params.id, Number(request.params.keyId), actorOf(request.viewer).actor)
      return reply.code(204).send(null)
    },
  )
}
