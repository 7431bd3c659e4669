import type { Camera, CameraStatus, ShownState } from '#contract/camera.ts'

/** What a screen shows: a flapping camera's verdict is not to be believed. */
export const shownState = ({ state, flapping }: Pick<CameraStatus, 'state' | 'flapping'>): ShownState =>
  flapping && state !== 'maintenance' && state !== 'unknown' ? 'flapping' : state

/** The most urgent first. */
export const STATES: readonly ShownState[] = [
  'down',
  'flapping',
  'degraded',
  'unreachable',
  'unknown',
  'maintenance',
  'up',
]
const rank = (camera: Camera) => STATES.indexOf(shownState(camera.status))

/** The worst first; among equals what changed last. ISO times in UTC are compared as they are written. */
export function byUrgency(a: Camera, b: Camera): number {
  const [since, other] = [a.status.since ?? '', b.status.since ?? '']
  return rank(a) - rank(b) || (since === other ? a.id - b.id : since < other ? 1 : -1)
}
