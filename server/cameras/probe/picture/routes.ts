import { Type } from 'typebox'
import type { App, Context } from '../../../context.ts'
import { AppError } from '../../../errors.ts'
import { findPicture } from './pictures-store.ts'

const CameraId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** Evidence pictures, for whoever may look. */
export function pictureRoutes(app: App, { pool }: Pick<Context, 'pool'>): void {
  app.get(
    '/api/cameras/:id/pictures/:picture',
    {
      schema: {
        tags: ['cameras'],
        summary: 'Read an evidence picture of a camera',
        params: Type.Object({
          id: CameraId,
          picture: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        }),
        response: {
          200: { content: { 'image/jpeg': { schema: Type.Unknown() } } },
          304: Type.Null(),
        },
      },
    },
    async (request, reply) => {
      const { id, picture } = request.params
      const found = await findPicture(pool, id, picture)
      if (found === undefined) throw new AppError('not-found', `Camera ${id} has no picture ${picture}.`)
      // the last good one is written over under its number
      const tag = `"${picture}-${found.at.getTime().toString(36)}"`
      void reply.header('cache-control', 'private, no-cache').header('etag', tag)
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null)
      return reply.type('image/jpeg').header('x-content-type-options', 'nosniff').send(found.jpeg)
    },
  )
}
