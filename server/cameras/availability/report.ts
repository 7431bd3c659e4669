import type { AvailabilityReport, AvailabilityRow } from '#contract/availability.ts'
import type { Context } from '../../context.ts'
import { readContract } from '../settings/index.ts'
import { rowOf, sumCounted } from './figures.ts'
import { serviceClock, serviceDays } from './service-time.ts'
import { countCameras, showsDemo, type CountedCamera } from './store.ts'

export type By = AvailabilityReport['by']

/**
 * Availability over [from, to) against what is owed; of a period that is not over, of what has passed of it. Rows are
 * in order of availability, the worst first; '' holds the cameras of no site, district, owner, vendor or group.
 */
export async function readAvailability(
  { pool, pack, clock, config }: Pick<Context, 'pool' | 'pack' | 'clock' | 'config'>,
  from: Date,
  to: Date,
  by: By,
): Promise<AvailabilityReport> {
  const { timezone } = pack.city
  const [contract, demo] = await Promise.all([readContract(pool), showsDemo(pool)])
  const passed = new Date(Math.max(from.getTime(), Math.min(to.getTime(), clock().getTime())))
  const days =
    contract.hours === null ? null : serviceDays(from.getTime(), to.getTime(), contract.hours, timezone)
  const cameras = await countCameras(pool, from, passed, days)
  const service = serviceClock(days)
  const toCome = service(to.getTime()) - service(passed.getTime())
  const row = (label: Pick<AvailabilityRow, 'key' | 'name'>, members: readonly CountedCamera[]) =>
    rowOf(
      { ...label, cameras: members.length },
      sumCounted(members.map(({ counted }) => counted)),
      contract,
      // A camera that is switched off will owe nothing.
      toCome * members.filter(({ enabled }) => enabled).length,
    )
  const districts = new Map(pack.districts.map(({ code, name }) => [code, name]))
  const rows = [...groupBy(cameras, by)].map(([key, members]) =>
    row({ key, name: nameOf(by, key, members, districts) }, members),
  )
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    by,
    contract,
    demo: demo || config.demo,
    total: row({ key: '', name: '' }, cameras),
    rows: rows.sort((a, b) => (a.availability ?? 2) - (b.availability ?? 2) || a.name.localeCompare(b.name)),
  }
}

function groupBy(cameras: readonly CountedCamera[], by: By): Map<string, CountedCamera[]> {
  const groups = new Map<string, CountedCamera[]>()
  for (const camera of cameras) {
    const key = by === 'camera' ? String(camera.id) : (camera[by] ?? '')
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [camera])
    else members.push(camera)
  }
  return groups
}

/** A site has no name of its own: it is called as its first camera is. */
function nameOf(
  by: By,
  key: string,
  members: readonly CountedCamera[],
  districts: ReadonlyMap<string, string>,
): string {
  if (key === '') return ''
  if (by === 'camera' || by === 'site') return members[0]?.name ?? key
  return by === 'district' ? (districts.get(key) ?? key) : key
}
