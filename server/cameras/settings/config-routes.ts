import { Type } from 'typebox'
import { closed, Line } from '#contract/basic.ts'
import { CameraChange, CameraConfig, CameraEdit } from '#contract/camera-list.ts'
import { ProbeSettings } from '#contract/probing.ts'
import { Nothing } from '../../access/schemas.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { listChanges } from './cameras-store.ts'
import { bulkEdit, createCamera, editCamera, readConfigOf, setCredentials } from './edits.ts'
import { CameraId, EDITORS } from './schemas.ts'

const Params = Type.Object({ id: CameraId })
const CHANGES = 500
const MANY = 20_000
const Typed = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Bulk = Type.Object(
  {
    ids: Type.Array(CameraId, { minItems: 1, maxItems: MANY }),
    set: Type.Partial(
      Type.Object(
        {
          group: CameraEdit.properties.group,
          parentId: CameraEdit.properties.parentId,
          enabled: Type.Boolean(),
          intervalSeconds: Type.Union([ProbeSettings.properties.intervalSeconds, Type.Null()]),
        },
        closed,
      ),
    ),
  },
  closed,
)

/** What is set of each camera. Addresses inside the city's networks are for those who may set them. */
export function configRoutes(app: App, context: Context): void {
  app.get(
    '/api/cameras/:id/config',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['cameras'],
        summary: 'Read all that is set of a camera',
        params: Params,
        response: { 200: CameraConfig },
      },
    },
    (request) => readConfigOf(context, request.params.id),
  )

  app.put(
    '/api/cameras/:id/config',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['cameras'],
        summary: 'Change a camera; lists do not undo what is set here',
        params: Params,
        body: CameraEdit,
        response: { 200: CameraConfig },
      },
    },
    async (request) => {
      await editCamera(context, request.params.id, request.body, actorOf(request.viewer))
      return readConfigOf(context, request.params.id)
    },
  )

  app.put(
    '/api/cameras/:id/secret',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['cameras'],
        summary: 'Keep a user name and password for a camera, sealed; null removes them',
        params: Params,
        body: Type.Union([Type.Object({ username: Typed, password: Typed }, closed), Type.Null()]),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await setCredentials(context, request.params.id, request.body, actorOf(request.viewer).actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/cameras',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['cameras'],
        summary: 'Add a camera',
        body: Type.Object({ ...CameraEdit.properties, streamId: Line }, closed),
        response: { 201: Type.Object({ id: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const id = await createCamera(context, request.body, actorOf(request.viewer).actor)
      return reply.code(201).send({ id })
    },
  )

  app.post(
    '/api/cameras/bulk',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['cameras'],
        summary: 'Set group, rhythm, what they hang on or whether they are checked of many cameras',
        body: Bulk,
        response: { 200: Type.Object({ changed: Type.Integer() }) },
      },
    },
    async (request) => ({
      changed: await bulkEdit(context, request.body.ids, request.body.set, actorOf(request.viewer).actor),
    }),
  )

  app.get(
    '/api/cameras/:id/changes',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['cameras'],
        summary: `Read the last ${CHANGES} changes of a camera`,
        params: Params,
        response: { 200: Type.Object({ changes: Type.Array(CameraChange) }) },
      },
    },
    async (request) => ({ changes: await listChanges(context.pool, request.params.id, CHANGES) }),
  )
}
