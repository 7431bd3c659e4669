import type { Pool } from 'pg'
import type { CameraDetail, StateSpan } from '#contract/camera.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays, dayOf } from '../prices/index.ts'
import { localClock } from './availability/index.ts'
import { availabilityOf, findCamera, outagesOf, siteMatesOf, stateSpans } from './queries.ts'
import { availability } from './timeline.ts'

const DAY = 86_400_000
const OUTAGES = 10
/** of the city's calendar with today, as on the camera's page and in the table */
const AVAILABILITY_DAYS = 30

/** What is known of one camera; undefined where none has the id. */
export async function readCamera(
  pool: Pool,
  pack: CityPack,
  id: number,
  now: Date,
): Promise<CameraDetail | undefined> {
  const camera = await findCamera(pool, pack, id)
  if (camera === undefined) return undefined
  const { timezone } = pack.city
  const firstDay = addDays(dayOf(now, timezone), 1 - AVAILABILITY_DAYS)
  const [history, outages, share, siteMates] = await Promise.all([
    stateSpans(pool, id, new Date(now.getTime() - DAY), now),
    outagesOf(pool, id, OUTAGES),
    availabilityOf(pool, id, new Date(localClock(timezone)(firstDay, 0))),
    siteMatesOf(pool, camera),
  ])
  return { camera, history, outages, siteMates, availability30d: share ?? availability(sumSpans(history)) }
}

/** Before the first full hour is rolled up, the last day's spans are all that is known. */
function sumSpans(spans: readonly StateSpan[]) {
  const sum = (state: string) =>
    spans
      .filter((span) => span.state === state)
      .reduce((ms, span) => ms + Date.parse(span.to) - Date.parse(span.from), 0)
  return { up: sum('up'), degraded: sum('degraded'), down: sum('down') }
}
