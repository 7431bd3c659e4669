import type { CameraState } from '#contract/camera.ts'

/** A camera's own verdict, before it is asked why. Times are ms since 1970. */
export interface Verdict {
  state: 'unknown' | 'up' | 'degraded' | 'down'
  since: number
}
/** What stands between a verdict and what is said of the camera. */
export interface Circumstances {
  /** since when it is in a maintenance window; null: it is in none */
  plannedSince: number | null
  /** since when the prober itself reaches nothing */
  uplinkLostSince: number | null
  /** since when something that the camera hangs on has failed */
  causeSince: number | null
  /** since when, after that came back, the camera's failure is its own */
  ownSince: number | null
}
export interface Judged {
  state: CameraState
  since: number
  /** an outage is open: planned where it lies in a maintenance window */
  outage: { planned: boolean } | null
}

/**
 * What is said of a camera. Planned work comes first; a prober without an uplink knows nothing; a camera that does not
 * answer behind something that failed is unreachable, and not down.
 */
export function judge(verdict: Verdict, circumstances: Circumstances): Judged {
  const { plannedSince, uplinkLostSince, causeSince, ownSince } = circumstances
  const down = verdict.state === 'down'
  if (plannedSince !== null)
    return {
      state: 'maintenance',
      since: plannedSince,
      outage: down && uplinkLostSince === null && causeSince === null ? { planned: true } : null,
    }
  if (uplinkLostSince !== null) return { state: 'unknown', since: uplinkLostSince, outage: null }
  if (down && causeSince !== null) return { state: 'unreachable', since: verdict.since, outage: null }
  if (down)
    return { state: 'down', since: Math.max(verdict.since, ownSince ?? 0), outage: { planned: false } }
  return { ...verdict, outage: null }
}

/** What is on record of a camera. */
export interface Standing {
  state: CameraState
  since: number
}

/**
 * The transition that leads from what is on record to what was judged at a moment; null where there is none. It is
 * dated back to the first check that led to it, but never behind what is on record: only a camera that was taken for down
 * was unreachable all the time. Planned time stays planned, whatever was found in it.
 */
export function transition(
  standing: Standing,
  judged: Pick<Judged, 'state' | 'since'>,
  at: number,
): { at: number; state: CameraState } | null {
  if (standing.state === judged.state) return null
  const rewritten = standing.state === 'down' && judged.state === 'unreachable'
  const planned = standing.state === 'maintenance'
  const dated = rewritten || (judged.since > standing.since && !planned) ? judged.since : at
  return { at: Math.max(dated, rewritten ? standing.since : standing.since + 1), state: judged.state }
}
