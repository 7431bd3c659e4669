import { Type } from 'typebox'
import { closed, Line } from '#contract/basic.ts'
import { SavedView } from '#contract/camera-list.ts'
import type { Role } from '#contract/viewer.ts'
import { Nothing } from '../../access/schemas.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { CameraId } from './schemas.ts'
import { deleteView, listViews, saveView } from './views-store.ts'

const MOST = 100
const EVERYONE: Role[] = ['viewer', 'operator', 'surveyor', 'market-officer', 'leader', 'admin']

/** Filters and order of the list of cameras that an account keeps under a name. */
export function viewRoutes(app: App, { pool }: Context): void {
  app.get(
    '/api/views',
    {
      schema: {
        tags: ['cameras'],
        summary: 'List the views that one has saved',
        response: { 200: Type.Object({ views: Type.Array(SavedView) }) },
      },
    },
    async ({ viewer }) => {
      const accountId = viewer?.accountId ?? null
      return { views: accountId === null ? [] : await listViews(pool, accountId) }
    },
  )

  app.post(
    '/api/views',
    {
      config: { access: EVERYONE },
      schema: {
        tags: ['cameras'],
        summary: 'Save a view under a name, in place of one that has it',
        body: Type.Object(
          { name: Line, query: Type.String({ maxLength: 4_000, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }) },
          closed,
        ),
        response: { 200: SavedView },
      },
    },
    async ({ viewer, body }) => {
      const view = await saveView(pool, accountOf(viewer), body, MOST)
      if (view === null)
        throw new AppError('conflict', `Nobody keeps more than ${MOST} views; delete one first.`)
      return view
    },
  )

  app.delete(
    '/api/views/:id',
    {
      config: { access: EVERYONE },
      schema: {
        tags: ['cameras'],
        summary: 'Delete a view of your own',
        params: Type.Object({ id: CameraId }),
        response: { 204: Nothing },
      },
    },
    async ({ viewer, params }, reply) => {
      if (!(await deleteView(pool, accountOf(viewer), params.id)))
        throw new AppError('not-found', `You have no view with the id ${params.id}.`)
      return reply.code(204).send(null)
    },
  )
}

/** A wall display signs in without an account. */
function accountOf(viewer: KnownViewer | null): number {
  if (viewer === null || viewer.accountId === null)
    throw new AppError('forbidden', 'Views are kept for accounts only: sign in with one.')
  return viewer.accountId
}
