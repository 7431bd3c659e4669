import type { Pool } from 'pg'
import type { OutageHeat } from '#contract/availability.ts'
import { readHeat } from './heat-store.ts'

const HOUR = 3_600_000

/** What of each hour of the period each camera was down; cameras of which nothing is known are not in it. */
export async function outageHeat(pool: Pool, from: Date, to: Date, now: Date): Promise<OutageHeat> {
  const first = Math.floor(from.getTime() / HOUR) * HOUR
  const end = Math.ceil(Math.min(to.getTime(), now.getTime()) / HOUR) * HOUR
  const hours = Math.max(0, (end - first) / HOUR)
  const rows = hours === 0 ? [] : await readHeat(pool, new Date(first), new Date(end), now)
  return {
    hours: Array.from({ length: hours }, (_, index) => new Date(first + index * HOUR).toISOString()),
    rows: rows.map(({ cameraId, hours: known, shares }) => {
      const down = new Array<number | null>(hours).fill(null)
      known.forEach((hour, index) => (down[hour] = shares[index] ?? null))
      return { cameraId, down }
    }),
  }
}
