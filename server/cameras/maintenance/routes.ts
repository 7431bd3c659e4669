import { Type } from 'typebox'
import { Maintenance, MaintenanceEdit } from '#contract/maintenance.ts'
import { Nothing } from '../../access/schemas.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { shownTo } from '../outages/index.ts'
import { CameraId as PlanId, EDITORS } from '../settings/schemas.ts'
import { checkPlan, toMaintenance } from './plans.ts'
import { cancelPlan, insertPlan, readPlans } from './store.ts'

const SHOWN = 1_000

/** Planned work: what is checked meanwhile is kept, an outage is planned. The prober looks for it every second. */
export function maintenanceRoutes(app: App, { pool, pack, clock }: Context): void {
  app.get(
    '/api/maintenance',
    {
      schema: {
        tags: ['maintenance'],
        summary: 'List planned work, what is cancelled last',
        response: { 200: Type.Object({ maintenance: Type.Array(Maintenance) }) },
      },
    },
    async ({ viewer }) => {
      const now = clock()
      const plans = await readPlans(pool, SHOWN)
      const maintenance = plans.map((plan) => toMaintenance(plan, now, pack.city.timezone))
      return { maintenance: shownTo(viewer).plans(maintenance) }
    },
  )

  app.post(
    '/api/maintenance',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['maintenance'],
        summary: 'Plan work on cameras, a group, a district, or all that hangs on a node',
        body: MaintenanceEdit,
        response: { 201: Type.Object({ id: Type.Integer() }) },
      },
    },
    async ({ body, viewer }, reply) => {
      const now = clock()
      const id = await insertPlan(pool, await checkPlan(pool, pack, body, now), actorOf(viewer).actor, now)
      return reply.code(201).send({ id })
    },
  )

  app.delete(
    '/api/maintenance/:id',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['maintenance'],
        summary: 'Cancel planned work: from now on it is planned no more',
        params: Type.Object({ id: PlanId }),
        response: { 204: Nothing },
      },
    },
    async ({ params, viewer }, reply) => {
      const known = await cancelPlan(pool, params.id, actorOf(viewer).actor, clock())
      if (!known) throw new AppError('not-found', `No planned work has the id ${params.id}.`)
      return reply.code(204).send(null)
    },
  )
}
