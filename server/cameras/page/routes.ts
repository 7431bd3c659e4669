import { Type, type Static } from 'typebox'
import { closed } from '#contract/basic.ts'
import { CameraRow } from '#contract/camera-list.ts'
import { CameraPage, CheckPoint } from '#contract/camera-page.ts'
import type { App, Context } from '../../context.ts'
import { periodOf } from '../availability/index.ts'
import { shownTo } from '../outages/index.ts'
import { CameraId, noCamera } from '../settings/index.ts'
import { readChecks } from './checks.ts'
import { readPage } from './page.ts'
import { CameraRows } from './rows.ts'

const CHECK_DAYS = 400
const Rows = Type.Object({ rows: Type.Array(CameraRow) })
const Params = Type.Object({ id: CameraId })
const Bound = Type.String({
  maxLength: 40,
  description: "a day of the city's calendar, or a time with its offset",
})

/** What the list of cameras and the page of one of them show. */
export function cameraPageRoutes(app: App, context: Context): void {
  const { pool, pack } = context
  const rows = new CameraRows(context)

  app.get(
    '/api/cameras/rows',
    {
      schema: {
        tags: ['cameras'],
        summary: 'List what changes slowly of cameras: availability, latencies, rhythm',
        response: { 200: Rows },
      },
    },
    async (_request, reply) =>
      // Written once for all who ask within some seconds.
      reply
        .type('application/json; charset=utf-8')
        .send((await rows.json()) as unknown as Static<typeof Rows>),
  )

  app.get(
    '/api/cameras/:id/page',
    {
      schema: {
        tags: ['cameras'],
        summary: 'Read all that the page of a camera shows',
        params: Params,
        response: { 200: CameraPage },
      },
    },
    async ({ params: { id }, viewer }) => {
      const page = await readPage(context, id, viewer)
      if (page === undefined) throw noCamera(id)
      const shown = shownTo(viewer)
      return {
        ...page,
        outages: shown.outages(page.outages),
        incidents: shown.incidents(page.incidents),
      }
    },
  )

  app.get(
    '/api/cameras/:id/checks',
    {
      schema: {
        tags: ['cameras'],
        summary: 'Read latencies and failures of a camera over a period, as points of a chart',
        params: Params,
        querystring: Type.Object({ from: Bound, to: Bound }, closed),
        response: { 200: Type.Object({ points: Type.Array(CheckPoint) }) },
      },
    },
    async ({ params: { id }, query }) => {
      const { from, to } = periodOf(query.from, query.to, pack.city.timezone, CHECK_DAYS)
      return { points: await readChecks(pool, id, from, to) }
    },
  )
}
