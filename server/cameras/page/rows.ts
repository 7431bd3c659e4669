import type { Pool } from 'pg'
import type { CameraRow } from '#contract/camera-list.ts'
import { addDays, dayOf } from '../../prices/index.ts'
import { ShortCache } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import { localClock } from '../availability/index.ts'
import {
  effectiveSettings,
  isProbeable,
  readSharedSettings,
  watchesOf,
  type SharedSettings,
} from '../settings/index.ts'
import { readRolledUp, readRunning, type RolledUp, type RunningCamera, type Worked } from './rows-store.ts'

const HOUR = 3_600_000
const DAYS = 30
/** What is rolled up changes by the minute. */
const ROLLED_UP_MS = 60_000
const ROWS_MS = 10_000

const share = (...parts: readonly (Worked | undefined)[]): number | null => {
  const sum = (side: keyof Worked) => parts.reduce((ms, part) => ms + (part?.[side] ?? 0), 0)
  const [up, down] = [sum('up'), sum('down')]
  return up + down === 0 ? null : up / (up + down)
}

/** Rows of the table of cameras: what is rolled up and what came since, and the rhythm that is in force. */
export function rowsOf(
  cameras: readonly RunningCamera[],
  { byCamera }: Pick<RolledUp, 'byCamera'>,
  { all, groups }: SharedSettings,
): CameraRow[] {
  return cameras.map(({ id, group, enabled, targets, settings, latencies, day, month }) => ({
    id,
    availability24h: share(byCamera.get(id)?.day, day),
    availability30d: share(byCamera.get(id)?.month, month),
    latencies: latencies.map((ms) => (ms === null ? null : Math.round(ms * 10) / 10)),
    intervalSeconds:
      enabled && isProbeable(targets)
        ? effectiveSettings(all, groups.get(group ?? '') ?? {}, settings).intervalSeconds
        : null,
    watchable: watchesOf(targets).length > 0,
  }))
}

/**
 * The table's rows as JSON. Availability is of the last 24 hours, from the beginning of an hour, and of the last 30
 * days of the city's calendar with today so far. All who ask within some seconds are given the same.
 */
export class CameraRows {
  readonly #context: Pick<Context, 'pack' | 'clock'> & { pool: Pool }
  readonly #rolledUp: ShortCache<RolledUp>
  readonly #json: ShortCache<string>

  constructor(context: Pick<Context, 'pool' | 'pack' | 'clock' | 'bus'>) {
    this.#context = context
    this.#rolledUp = new ShortCache(ROLLED_UP_MS, context.clock)
    this.#json = new ShortCache(ROWS_MS, context.clock)
    context.bus.on('probe:configured', () => this.#json.clear())
  }

  async json(): Promise<string> {
    return (await this.#json.get('rows', async () => JSON.stringify({ rows: await this.#read() }))) ?? ''
  }

  async #read(): Promise<CameraRow[]> {
    const { pool, pack, clock } = this.#context
    const { timezone } = pack.city
    const now = clock()
    const dayStart = new Date(Math.ceil(now.getTime() / HOUR - 24) * HOUR)
    const monthDay = addDays(dayOf(now, timezone), 1 - DAYS)
    const monthStart = new Date(localClock(timezone)(monthDay, 0))
    const rolledUp = (await this.#rolledUp.get(dayStart.toISOString(), () =>
      readRolledUp(pool, { dayStart, monthStart, monthDay }),
    )) as RolledUp
    const [cameras, shared] = await Promise.all([
      readRunning(pool, rolledUp.done, dayStart, now),
      readSharedSettings(pool),
    ])
    return rowsOf(cameras, rolledUp, shared)
  }
}
