import type { Camera, ShownState } from '#contract/camera.ts'
import { shownState } from '../cameras/urgency.ts'

export { STATES } from '../cameras/urgency.ts'

/** Cameras of a district (code, 'outside', or '' for all) whose name or address holds the text, whatever its case. */
export function placed(cameras: readonly Camera[], district: string, text: string): Camera[] {
  const wanted = text.trim().toLowerCase()
  return cameras.filter(
    (camera) =>
      (district === '' || (camera.district ?? 'outside') === district) &&
      (wanted === '' || `${camera.name} ${camera.address ?? ''}`.toLowerCase().includes(wanted)),
  )
}

export function countStates(cameras: readonly Camera[]): Record<ShownState, number> {
  const counts = { down: 0, flapping: 0, degraded: 0, unreachable: 0, unknown: 0, maintenance: 0, up: 0 }
  for (const camera of cameras) counts[shownState(camera.status)] += 1
  return counts
}

/** `next`, or `previous` where it has the very same members: what depends on who they are then rests. */
export function kept<T>(previous: readonly T[], next: readonly T[]): readonly T[] {
  return next.length === previous.length && next.every((one, index) => one === previous[index])
    ? previous
    : next
}
