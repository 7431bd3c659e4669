import { Type } from 'typebox'
import { Camera, CameraDetail } from '#contract/camera.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { readCamera } from './card.ts'
import { listCameras } from './queries.ts'

/** PostgreSQL's integer ends there. */
const CameraId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export function cameraRoutes(app: App, { pool, pack, clock }: Context): void {
  app.get(
    '/api/cameras',
    {
      schema: {
        tags: ['cameras'],
        summary: 'List cameras with their current state',
        response: { 200: Type.Object({ cameras: Type.Array(Camera) }) },
      },
    },
    async () => ({ cameras: await listCameras(pool, pack) }),
  )

  app.get(
    '/api/cameras/:id',
    {
      schema: {
        tags: ['cameras'],
        summary: 'Read a camera: the last 24 hours, outages, neighbours',
        params: Type.Object({ id: CameraId }),
        response: { 200: CameraDetail },
      },
    },
    async (request) => {
      const detail = await readCamera(pool, pack, request.params.id, clock())
      if (detail === undefined) throw new AppError('not-found', `No camera has the id ${request.params.id}.`)
      return detail
    },
  )
}
