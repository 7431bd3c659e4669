import { Type } from 'typebox'
import { Contract } from '#contract/availability.ts'
import { closed, Line } from '#contract/basic.ts'
import { PartialSettings } from '#contract/probing.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { effectiveSettings, misfitOf } from './effective.ts'
import { EDITORS } from './schemas.ts'
import { readContract, readSharedSettings, saveContract, saveProbeSettings } from './settings-store.ts'

const Group = Type.Object({ group: Type.Optional(Line) }, closed)
const Own = Type.Partial(PartialSettings, closed)

export function settingsRoutes(app: App, { pool, bus }: Context): void {
  app.get(
    '/api/settings/probe',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['settings'],
        summary:
          'Read how all cameras, or those of a group, are probed; what is not set is as all, or the product, say',
        querystring: Group,
        response: { 200: PartialSettings },
      },
    },
    async (request) => {
      const { all, groups } = await readSharedSettings(pool)
      return request.query.group === undefined ? all : (groups.get(request.query.group) ?? {})
    },
  )

  app.put(
    '/api/settings/probe',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['settings'],
        summary: 'Set how all cameras, or those of a group, are probed',
        querystring: Group,
        body: Own,
        response: { 200: PartialSettings },
      },
    },
    async (request) => {
      const { group } = request.query
      await withTransaction(pool, async (client) => {
        const { all } = await readSharedSettings(client)
        const own = request.body
        const misfit = misfitOf(
          group === undefined ? effectiveSettings(own, {}, {}) : effectiveSettings(all, own, {}),
        )
        if (misfit !== null)
          throw new AppError('bad-input', `${misfit.field} ${misfit.expected}`, { ...misfit })
        await saveProbeSettings(client, group, own, actorOf(request.viewer).actor)
      })
      bus.tell('probe:configured', { cameraIds: 'all' })
      return request.body
    },
  )

  app.get(
    '/api/settings/contract',
    {
      schema: {
        tags: ['settings'],
        summary: 'Read which availability is owed, and when',
        response: { 200: Contract },
      },
    },
    () => readContract(pool),
  )

  app.put(
    '/api/settings/contract',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['settings'],
        summary: 'Set which availability is owed, and when',
        body: Contract,
        response: { 200: Contract },
      },
    },
    async (request) => {
      const { hours } = request.body
      if (hours !== null && hours.from >= hours.to)
        throw new AppError('bad-input', 'Service hours begin before they end, on one day.', {
          field: 'hours.to',
          expected: `must be after hours.from (${hours.from})`,
        })
      await withTransaction(pool, (client) =>
        saveContract(client, request.body, actorOf(request.viewer).actor),
      )
      return request.body
    },
  )
}
