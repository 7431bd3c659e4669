import type { OutageHeat } from '#contract/availability.ts'

/** A camera's hours: the share of each that it was down, null where nothing was known. */
export interface HeatRow {
  cameraId: number
  down: readonly (number | null)[]
  /** hours down in all, fractions included */
  total: number
}
export type Line = { kind: 'heading'; text: string } | { kind: 'camera'; row: HeatRow }

export const rowsOf = ({ rows }: OutageHeat): HeatRow[] =>
  rows.map(({ cameraId, down }) => ({
    cameraId,
    down,
    total: down.reduce<number>((sum, share) => sum + (share ?? 0), 0),
  }))

/** The worst first; those that were never down only where `all`. */
export const byWorst = (rows: readonly HeatRow[], all: boolean): Line[] =>
  rows
    .filter((row) => all || row.total > 0)
    .sort((a, b) => b.total - a.total || a.cameraId - b.cameraId)
    .map((row) => ({ kind: 'camera', row }))

/** By what `groupOf` names, each under its heading, the worst of each first. */
export function byGroup(
  rows: readonly HeatRow[],
  all: boolean,
  groupOf: (cameraId: number) => string,
): Line[] {
  const groups = new Map<string, HeatRow[]>()
  for (const row of rows) {
    const name = groupOf(row.cameraId)
    const members = groups.get(name)
    if (members === undefined) groups.set(name, [row])
    else members.push(row)
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([text, members]) => {
      const lines = byWorst(members, all)
      return lines.length === 0 ? [] : [{ kind: 'heading' as const, text }, ...lines]
    })
}

/**
 * How much of each hour of the day cameras were down, over all days: mean share of what was known, null where nothing
 * was. A pattern ("every night at 18:00") shows as a peak.
 * @param hourOf the hour of the city's clock, 0..23, at a moment (ms)
 */
export function hourProfile({ hours, rows }: OutageHeat, hourOf: (ms: number) => number): (number | null)[] {
  const sums = Array.from({ length: 24 }, () => ({ down: 0, known: 0 }))
  const places = hours.map((hour) => sums[hourOf(Date.parse(hour))])
  for (const { down } of rows)
    down.forEach((share, index) => {
      const sum = places[index]
      if (share === null || sum === undefined) return
      sum.down += share
      sum.known += 1
    })
  return sums.map(({ down, known }) => (known === 0 ? null : down / known))
}

/** The hour that stands out: at least twice the mean of all; null where none does. */
export function peakHour(profile: readonly (number | null)[]): number | null {
  const known = profile.filter((share) => share !== null)
  const mean = known.reduce((sum, share) => sum + share, 0) / Math.max(1, known.length)
  const highest = Math.max(...known)
  return mean > 0 && highest >= 2 * mean ? profile.indexOf(highest) : null
}
