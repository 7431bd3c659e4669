import { Type } from 'typebox'
import { Camera, CameraDetail } from '#contract/model.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { availabilityOf, listCameras, outagesOf, stateSpans } from './queries.ts'
import { availability } from './timeline.ts'

const DAY = 86_400_000

export function cameraRoutes(app: App, { pool, pack, clock }: Context): void {
  app.get(
    '/api/cameras',
    { schema: { tags: ['cameras'], response: { 200: Type.Object({ cameras: Type.Array(Camera) }) } } },
    async () => ({ cameras: await listCameras(pool, pack) }),
  )

  app.get(
    '/api/cameras/:id',
    {
      schema: {
        tags: ['cameras'],
        params: Type.Object({ id: Type.Integer() }),
        response: { 200: CameraDetail },
      },
    },
    async (request) => {
      const now = clock()
      const cameras = await listCameras(pool, pack)
      const camera = cameras.find((one) => one.id === request.params.id)
      if (camera === undefined) throw new AppError('not-found', `No camera has the id ${request.params.id}.`)
      const [history, outages, share] = await Promise.all([
        stateSpans(pool, camera.id, new Date(now.getTime() - DAY), now),
        outagesOf(pool, camera.id, 10),
        availabilityOf(pool, camera.id, new Date(now.getTime() - 30 * DAY)),
      ])
      return {
        camera,
        history,
        outages,
        siteMates: cameras
          .filter((one) => one.site !== null && one.site === camera.site && one.id !== camera.id)
          .map((one) => one.id),
        availability30d: share ?? availability(sumSpans(history)),
      }
    },
  )
}

/** Before the first full hour is rolled up, the last day's spans are all that is known. */
function sumSpans(spans: { from: string; to: string; state: string }[]) {
  const sum = (state: string) =>
    spans
      .filter((span) => span.state === state)
      .reduce((ms, span) => ms + Date.parse(span.to) - Date.parse(span.from), 0)
  return { up: sum('up'), degraded: sum('degraded'), down: sum('down') }
}
