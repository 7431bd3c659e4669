import cron, { type ScheduledTask } from 'node-cron'
import type { Access } from './access/index.ts'
import { checkAlerts } from './alerts/index.ts'
import { applyPlanned, dropOldObservations, markSilent, plannedCameras, rollUp } from './cameras/index.ts'
import type { Context } from './context.ts'
import { dropOldRuns } from './ingest/feeds-store.ts'
import { renewFlags } from './prices/quality/index.ts'
import { dropOldRejects } from './ingest/rejects-store.ts'
import { indicatorsJob } from './prices/indicators/index.ts'

const RUNS_KEPT_DAYS = 90
/** A batch that began before the hour was full counts its rows to the running hour; so long it may take to commit. */
const SETTLED_MS = 60_000
const REJECTS_KEPT = { days: 90, most: 20_000 }

/** The product's own regular work. A failure is logged and tried again at the next turn. */
export function startJobs(
  context: Context,
  access: Pick<Access, 'endExpiredSessions'>,
): { stop(): Promise<void> } {
  const { pool, pack, clock, bus, config, log } = context
  const underWay = new Set<Promise<void>>()
  const tasks: ScheduledTask[] = []
  const every = (expression: string, name: string, work: () => Promise<unknown>) => {
    const guarded = async () => {
      try {
        await work()
      } catch (error) {
        bus.tell('job:failed', { job: name })
        log.warn({ err: error, job: name }, 'a job failed; it is tried again at its next turn')
      }
    }
    tasks.push(
      cron.schedule(
        expression,
        () => {
          const run: Promise<void> = guarded().finally(() => underWay.delete(run))
          underWay.add(run)
          return run
        },
        {
          name,
          timezone: pack.city.timezone,
          noOverlap: true,
          suppressMissedWarning: true,
        },
      ),
    )
  }
  every('*/2 * * * * *', 'silence', async () => {
    const silent = await markSilent(pool, clock())
    if (silent.length > 0) bus.tell('cameras:changed', silent)
  })
  every('*/5 * * * * *', 'maintenance', async () => {
    const turned = await applyPlanned(pool, await plannedCameras(pool, pack, clock()), clock())
    if (turned.length > 0) bus.tell('cameras:changed', turned)
  })
  every('*/5 * * * * *', 'alerts', () => checkAlerts(context))
  every('*/5 * * * * *', 'indicators', indicatorsJob(context))
  every('2-59/5 * * * * *', 'price-checks', () => renewFlags(pool, pack, clock()))
  every('40 * * * * *', 'sessions', () => access.endExpiredSessions())
  every('20 * * * * *', 'roll-ups', () =>
    rollUp(pool, new Date(clock().getTime() - SETTLED_MS), pack.city.timezone),
  )
  // Every few minutes: a source that goes wrong can fill a disk before the night.
  every('50 */5 * * * *', 'rejects', () => dropOldRejects(pool, clock(), REJECTS_KEPT))
  every('0 30 3 * * *', 'retention', async () => {
    await dropOldObservations(pool, clock(), config.rawRetentionDays)
    await dropOldRuns(pool, clock(), RUNS_KEPT_DAYS)
  })
  return {
    stop: async () => {
      await Promise.all(tasks.map((task) => task.destroy()))
      await Promise.all(underWay)
    },
  }
}
