import type { Pool } from 'pg'
import type { Camera } from '#contract/camera.ts'
import type { Summary } from '#contract/summary.ts'
import { availability, heldSince, listCameras, type DistrictDay } from '../cameras/index.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays, dayOf } from '../prices/index.ts'
import { availabilityFigure, sum } from './figures.ts'
import { longestOutage, workingAt } from './store.ts'

const DAY = 86_400_000
const TREND_DAYS = 30

/** The cameras' half of leadership's page. Periods are days of the city's calendar, today so far among them. */
export async function cameraPart(
  pool: Pool,
  pack: CityPack,
  now: Date,
): Promise<{ demo: boolean; part: Summary['cameras'] }> {
  const { timezone } = pack.city
  const today = dayOf(now, timezone)
  const dayBefore = (days: number) => addDays(today, -days)
  const midnight = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - aheadOfUtc(now, timezone))
  const [cameras, held, outage, workingBefore] = await Promise.all([
    listCameras(pool, pack),
    heldSince(pool, midnight(dayBefore(59)), now, timezone),
    longestOutage(pool, new Date(now.getTime() - 30 * DAY), now),
    workingAt(pool, new Date(now.getTime() - DAY)),
  ])
  /** the last so many days beside as many before them, of the parts and of so many cameras */
  const availabilityOver = (days: number, parts: readonly DistrictDay[], count: number) => {
    const from = dayBefore(days - 1)
    const earlier = dayBefore(2 * days - 1)
    return availabilityFigure(
      parts.filter(({ day }) => day >= from),
      parts.filter(({ day }) => day >= earlier && day < from),
      count * (now.getTime() - midnight(from).getTime()),
    )
  }
  const states: Record<string, number> = {
    up: 0,
    degraded: 0,
    down: 0,
    unknown: 0,
    maintenance: 0,
    unreachable: 0,
  }
  for (const { status } of cameras) states[status.state] = (states[status.state] ?? 0) + 1
  const known = cameras.length - (states.unknown ?? 0) - (states.unreachable ?? 0)
  return {
    demo: cameras.some(({ status }) => status.demo),
    part: {
      total: cameras.length,
      states,
      working: {
        value: known === 0 ? null : cameras.filter(works).length,
        before: workingBefore,
        completeness: cameras.length === 0 ? 0 : known / cameras.length,
      },
      availability7d: availabilityOver(7, held, cameras.length),
      availability30d: availabilityOver(30, held, cameras.length),
      trend: Array.from({ length: TREND_DAYS }, (_, index) => {
        const day = dayBefore(TREND_DAYS - 1 - index)
        return { day, value: availability(sum(held.filter((part) => part.day === day))) }
      }),
      districts: pack.districts.map(({ code, name }) => {
        const inside = cameras.filter((camera) => camera.district === code)
        return {
          code,
          name,
          total: inside.length,
          up: inside.filter(works).length,
          availability: availabilityOver(
            7,
            held.filter((part) => part.district === code),
            inside.length,
          ),
        }
      }),
      longestOutage: outage,
    },
  }
}

const works = ({ status }: Camera) => status.state === 'up' || status.state === 'degraded'

/** Milliseconds that the city's clock is ahead of UTC. */
function aheadOfUtc(moment: Date, timezone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(moment)
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(moment.getTime() / 1000) * 1000
}
