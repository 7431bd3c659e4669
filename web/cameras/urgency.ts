import type { Camera, CameraState } from '#contract/model.ts'

const ORDER: CameraState[] = ['down', 'degraded', 'unknown', 'maintenance', 'up']

/** The worst first; among equals what changed last. */
export function byUrgency(a: Camera, b: Camera): number {
  return (
    ORDER.indexOf(a.status.state) - ORDER.indexOf(b.status.state) ||
    (b.status.since ?? '').localeCompare(a.status.since ?? '') ||
    a.id - b.id
  )
}
