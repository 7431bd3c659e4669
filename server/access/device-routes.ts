import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import type { App } from '../context.ts'
import type { Access } from './index.ts'
import { DeviceInfo, iso, isoOrNull, Name, Nothing, NumberInPath, SignedInAs, Token } from './schemas.ts'
import { throwWithWait } from './session-routes.ts'
import { actorOf, shown } from './viewer.ts'

export function deviceRoutes(app: App, { devices, cookies }: Access): void {
  app.get(
    '/api/devices',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'List wall displays',
        response: { 200: Type.Object({ devices: Type.Array(DeviceInfo) }) },
      },
    },
    async () => ({
      devices: (await devices.list()).map((device) => ({
        ...device,
        createdAt: iso(device.createdAt),
        lastSeenAt: isoOrNull(device.lastSeenAt),
        revokedAt: isoOrNull(device.revokedAt),
      })),
    }),
  )

  app.post(
    '/api/devices',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Make a link that opens a wall display',
        body: Type.Object({ name: Name }, closed),
        response: { 201: Type.Object({ id: Type.Integer(), url: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { id, token } = await devices.create(request.body.name, actorOf(request.viewer))
      // After the #, where it reaches neither a server's log nor a Referer.
      return reply
        .header('cache-control', 'no-store')
        .code(201)
        .send({ id, url: `/wall#device=${token}` })
    },
  )

  app.delete(
    '/api/devices/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Revoke a wall display',
        params: Type.Object({ id: NumberInPath }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await devices.revoke(Number(request.params.id), actorOf(request.viewer).actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/devices/enter',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Open a wall display by its link',
        body: Type.Object({ token: Token }, closed),
        response: { 200: SignedInAs },
      },
    },
    async (request, reply) => {
      const viewer = await devices
        .enter(request.body.token, request.ip)
        .catch((error: unknown) => throwWithWait(error, reply))
      reply.header('set-cookie', cookies.device(request.body.token))
      return { viewer: shown(viewer) }
    },
  )
}
