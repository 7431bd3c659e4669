import type { CameraSeen, Cause, KnownIncident } from './types.ts'

type Kind = 'site' | 'subnet'
const LEAST = { site: 2, subnet: 3 }

/**
 * Likely common causes of outages that nothing on record explains: at least three cameras of one subnet on more than one
 * site, or two of one site, whose outages began together. The larger explanation goes first.
 * @param unexplained cameras that are down and hang on nothing that is known
 */
export function groups(
  unexplained: readonly CameraSeen[],
  open: readonly KnownIncident[],
  together: number,
): Cause[] {
  const bySubnet = causesBy('subnet', unexplained, open, together)
  const taken = new Set(bySubnet.flatMap(({ cameras }) => cameras))
  const rest = unexplained.filter(({ id }) => !taken.has(id))
  return [...bySubnet, ...causesBy('site', rest, open, together)]
}

function causesBy(
  kind: Kind,
  cameras: readonly CameraSeen[],
  open: readonly KnownIncident[],
  together: number,
): Cause[] {
  const known = new Map(open.filter((one) => one.kind === kind).map((one) => [one.subject, one]))
  return [...gather(cameras, kind)].flatMap(([subject, members]) => {
    const incident = known.get(subject)
    const belongs = (camera: CameraSeen) =>
      incident !== undefined &&
      (incident.cameras.includes(camera.id) || Math.abs(camera.since - incident.startedAt) <= together)
    const joined = [
      ...members.filter(belongs),
      ...clusters(
        members.filter((camera) => !belongs(camera)),
        kind,
        together,
      ).flat(),
    ]
    const first = joined.sort((a, b) => a.since - b.since)[0]
    if (first === undefined) return []
    return {
      kind,
      subject,
      nodeId: null,
      since: Math.min(first.since, incident?.startedAt ?? Infinity),
      fault: first.fault,
      cameras: joined.map(({ id }) => id),
      absorbs: [],
    }
  })
}

function gather(cameras: readonly CameraSeen[], kind: Kind): Map<string, CameraSeen[]> {
  const bySubject = new Map<string, CameraSeen[]>()
  for (const camera of cameras) {
    const subject = camera[kind]
    if (subject === null) continue
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), camera])
  }
  return bySubject
}

/** Outages that began together, where there are enough of them. */
function clusters(cameras: readonly CameraSeen[], kind: Kind, together: number): CameraSeen[][] {
  const found: CameraSeen[][] = []
  for (const camera of [...cameras].sort((a, b) => a.since - b.since)) {
    const last = found.at(-1)
    if (last?.[0] !== undefined && camera.since - last[0].since <= together) last.push(camera)
    else found.push([camera])
  }
  return found.filter((one) => one.length >= LEAST[kind] && (kind === 'site' || severalSites(one)))
}

const severalSites = (cameras: readonly CameraSeen[]) =>
  new Set(cameras.map(({ id, site }) => site ?? `camera ${id}`)).size > 1

/** When a group's incident ended, none of its cameras failing by it any more: with the last that came back. */
export function endOfGroup(
  { cameras, startedAt }: KnownIncident,
  byId: ReadonlyMap<number, CameraSeen>,
  now: number,
): number {
  const back = cameras.flatMap((id) => {
    const camera = byId.get(id)
    return camera === undefined || camera.state === 'unknown' || camera.state === 'down' ? [] : camera.since
  })
  return back.length === 0 ? now : Math.max(startedAt, ...back)
}
