import type { StateSpan } from '#contract/camera.ts'
import { addDays } from '../../prices/index.ts'
import type { PageDay } from './page-store.ts'

/**
 * Days of the city's calendar without gaps: what is rolled up, and spans of what is not yet, each part on its day. A
 * camera that nobody can reach is unknown, as it is in the roll-up.
 * @param midnight ms at which a day begins
 */
export function daysOf(
  from: string,
  to: string,
  rolledUp: readonly PageDay[],
  since: readonly StateSpan[],
  midnight: (day: string) => number,
): PageDay[] {
  const known = new Map(rolledUp.map((day) => [day.day, day]))
  const days: PageDay[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const [start, end] = [midnight(day), midnight(addDays(day, 1))]
    const sum = { day, up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, ...known.get(day) }
    for (const span of since) {
      const ms = Math.min(end, Date.parse(span.to)) - Math.max(start, Date.parse(span.from))
      if (ms > 0) sum[span.state === 'unreachable' ? 'unknown' : span.state] += ms
    }
    days.push(sum)
  }
  return days
}
