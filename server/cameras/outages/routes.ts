import { Type, type TSchema } from 'typebox'
import { closed } from '#contract/basic.ts'
import { FoundCause, Incident, OutageDetail } from '#contract/outages.ts'
import { Nothing } from '../../access/schemas.ts'
import { actorOf, type KnownViewer } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { periodOf } from '../availability/index.ts'
import { CameraId, EDITORS } from '../settings/schemas.ts'
import { listIncidents } from '../topology/index.ts'
import { correctCause, noteOutage, releaseOutage, takeIncident, takeOutage, type Act } from './acts.ts'
import { shownTo } from './people.ts'
import { listOutages } from './store.ts'

const OutageId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Limit = Type.Integer({ minimum: 1, maximum: 5_000 })
/** Plain text of several lines; no other control characters. */
const PLAIN = '[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*'
const Text = Type.String({ maxLength: 2_000, pattern: `^${PLAIN}$` })
const NoteText = Type.String({ maxLength: 2_000, pattern: `^(?=[\\s\\S]*\\S)${PLAIN}$` })
const MOST_DAYS = 400

/** Outages, what was done about them, and the incidents that explain several. */
export function outageRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context
  const actIn = (outageId: number, viewer: KnownViewer | null): Act => ({
    outageId,
    actor: actorOf(viewer).actor,
    at: clock(),
  })

  app.get(
    '/api/outages',
    {
      schema: {
        tags: ['outages'],
        summary: 'List outages, newest first, each with its trail',
        querystring: Type.Object(
          {
            camera: Type.Optional(CameraId),
            open: Type.Optional(Type.Boolean()),
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
            limit: Type.Optional(Limit),
          },
          closed,
        ),
        response: { 200: Type.Object({ outages: Type.Array(OutageDetail) }) },
      },
    },
    async ({ query, viewer }) => {
      const { camera, open, from, to, limit = 100 } = query
      if (from === undefined && to !== undefined)
        throw new AppError('bad-input', 'from: expected a time, as there is one in to.', {
          field: 'from',
          expected: 'a time, as there is one in to',
        })
      const period =
        from === undefined ? {} : periodOf(from, to ?? clock().toISOString(), pack.city.timezone, MOST_DAYS)
      const outages = await listOutages(pool, { camera, open, limit, ...period })
      return { outages: shownTo(viewer).outages(outages) }
    },
  )

  app.post(
    '/api/outages/:id/take',
    actOptions('Take care of an outage', Type.Object({}, closed)),
    async ({ params, viewer }) => takeOutage(context, actIn(params.id, viewer)),
  )

  app.post(
    '/api/outages/:id/release',
    actOptions('Take care of an outage no more', Type.Object({}, closed)),
    async ({ params, viewer }) => releaseOutage(context, actIn(params.id, viewer)),
  )

  app.post(
    '/api/outages/:id/note',
    actOptions('Add a note to an outage', Type.Object({ text: NoteText }, closed)),
    async ({ params, body, viewer }) => noteOutage(context, actIn(params.id, viewer), body.text),
  )

  app.post(
    '/api/outages/:id/cause',
    actOptions(
      'Say what was found to be the cause of an outage; what was found before stays on record',
      Type.Object({ cause: Type.Union([FoundCause, Type.Null()]), text: Type.Optional(Text) }, closed),
    ),
    async ({ params, body, viewer }) =>
      correctCause(context, actIn(params.id, viewer), { cause: body.cause, text: body.text ?? '' }),
  )

  app.get(
    '/api/incidents',
    {
      schema: {
        tags: ['outages'],
        summary: 'List failures that took several cameras with them, those that go on first',
        querystring: Type.Object(
          { open: Type.Optional(Type.Boolean()), limit: Type.Optional(Limit) },
          closed,
        ),
        response: { 200: Type.Object({ incidents: Type.Array(Incident) }) },
      },
    },
    async ({ query: { open, limit = 100 }, viewer }) => {
      return { incidents: shownTo(viewer).incidents(await listIncidents(pool, { open, limit })) }
    },
  )

  for (const verb of ['take', 'release'] as const)
    app.post(
      `/api/incidents/:id/${verb}`,
      {
        config: { access: EDITORS },
        schema: {
          tags: ['outages'],
          summary: verb === 'take' ? 'Take care of an incident' : 'Take care of an incident no more',
          params: Type.Object({ id: OutageId }),
          body: Type.Object({}, closed),
          response: { 204: Nothing },
        },
      },
      async ({ params: { id }, viewer }, reply) => {
        await takeIncident(context, { id, actor: actorOf(viewer).actor, at: clock() }, verb)
        return reply.code(204).send(null)
      },
    )
}

const actOptions = <Body extends TSchema>(summary: string, body: Body) => ({
  config: { access: EDITORS },
  schema: {
    tags: ['outages'],
    summary,
    params: Type.Object({ id: OutageId }),
    body,
    response: { 200: OutageDetail },
  },
})
