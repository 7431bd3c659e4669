import type { Pool } from 'pg'
import type { Maintenance, MaintenanceEdit } from '#contract/maintenance.ts'
import type { CityPack } from '../../cities/index.ts'
import { AppError } from '../../errors.ts'
import { isDay } from '../../prices/index.ts'
import {
  camerasOf,
  groupExists,
  missingCameras,
  nodeExists,
  readPlansAround,
  type StoredPlan,
} from './store.ts'
import { activeAt, LONGEST_RECURRING, nextAfter, type Plan } from './windows.ts'

const DAY = 86_400_000
const LONGEST = 30 * DAY
const MOST_CAMERAS = 5_000
const TIME = /^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

const toPlan = ({ startsAt, endsAt, weekdays, repeatUntil, cancelledAt }: StoredPlan): Plan => ({
  startsAt: startsAt.getTime(),
  endsAt: endsAt.getTime(),
  weekdays,
  repeatUntil,
  cancelledAt: cancelledAt?.getTime() ?? null,
})

/** What a page is told of a plan. */
export function toMaintenance(stored: StoredPlan, now: Date, timezone: string): Maintenance {
  const { createdAt: _createdAt, ...rest } = stored
  const plan = toPlan(stored)
  const next = nextAfter(plan, now.getTime(), timezone)
  return {
    ...rest,
    startsAt: stored.startsAt.toISOString(),
    endsAt: stored.endsAt.toISOString(),
    cancelledAt: stored.cancelledAt?.toISOString() ?? null,
    active: activeAt(plan, now.getTime(), timezone) !== null,
    nextAt: next === null ? null : new Date(next).toISOString(),
  }
}

/**
 * The cameras that are in a maintenance window, and since when (ms since 1970). Work counts as planned from the moment on
 * at which it was announced: nobody turns an outage into planned work afterwards.
 */
export async function plannedCameras(
  pool: Pool,
  { city }: Pick<CityPack, 'city'>,
  now: Date,
): Promise<Map<number, number>> {
  const affected = (await readPlansAround(pool, now)).flatMap((stored) => {
    const window = activeAt(toPlan(stored), now.getTime(), city.timezone)
    if (window === null) return []
    return {
      scope: stored.scope,
      subject: stored.subject,
      since: Math.max(window.from, stored.createdAt.getTime()),
    }
  })
  return affected.length === 0 ? new Map() : camerasOf(pool, affected)
}

const refuse = (field: string, expected: string) =>
  new AppError('bad-input', `${field}: expected ${expected}.`, { field, expected })

/** What is planned, as it is stored. Throws an AppError that names the field which does not fit. */
export async function checkPlan(
  pool: Pool,
  { districts }: Pick<CityPack, 'districts'>,
  edit: MaintenanceEdit,
  now: Date,
): Promise<MaintenanceEdit> {
  const starts = timeIn('startsAt', edit.startsAt)
  const ends = timeIn('endsAt', edit.endsAt)
  if (ends <= starts) throw refuse('endsAt', 'a time after the start')
  if (ends - starts > LONGEST) throw refuse('endsAt', 'at most 30 days after the start')
  if (edit.weekdays === null) {
    if (edit.repeatUntil !== null) throw refuse('repeatUntil', 'nothing where the work is done once')
    if (ends <= now.getTime()) throw refuse('endsAt', 'a time that is still to come')
  } else if (ends - starts > LONGEST_RECURRING) {
    throw refuse('endsAt', 'at most 7 days after the start where the work recurs')
  }
  if (edit.repeatUntil !== null && !isDay(edit.repeatUntil)) throw refuse('repeatUntil', 'a day, YYYY-MM-DD')
  const subject = edit.scope === 'camera' ? edit.subject.replace(/\s/g, '') : edit.subject
  await refuseUnknown(pool, districts, edit.scope, subject)
  return {
    ...edit,
    subject,
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(ends).toISOString(),
    weekdays: edit.weekdays === null ? null : [...new Set(edit.weekdays)].sort(),
  }
}

function timeIn(field: string, text: string): number {
  const ms = TIME.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(ms)) throw refuse(field, 'a time with its zone, such as 2026-07-15T22:00:00+07:00')
  return ms
}

async function refuseUnknown(
  pool: Pool,
  districts: CityPack['districts'],
  scope: MaintenanceEdit['scope'],
  subject: string,
): Promise<void> {
  if (scope === 'camera') {
    if (!/^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/.test(subject))
      throw refuse('subject', 'ids of cameras with commas between')
    const ids = subject.split(',').map(Number)
    if (ids.length > MOST_CAMERAS) throw refuse('subject', `at most ${MOST_CAMERAS} cameras`)
    const missing = await missingCameras(pool, ids)
    if (missing.length > 0)
      throw refuse('subject', `ids of cameras; none has ${missing.slice(0, 5).join(', ')}`)
  } else if (scope === 'group') {
    if (!(await groupExists(pool, subject))) throw refuse('subject', 'the name of a group that has cameras')
  } else if (scope === 'district') {
    if (!districts.some(({ code }) => code === subject))
      throw refuse('subject', "the code of one of the city's districts")
  } else if (!/^[1-9]\d{0,8}$/.test(subject) || !(await nodeExists(pool, Number(subject)))) {
    throw refuse('subject', 'the id of a node')
  }
}
