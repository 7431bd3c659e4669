import type { Camera, CameraState } from '#contract/model.ts'

const RANK: Record<CameraState, number> = { down: 0, degraded: 1, unknown: 2, maintenance: 3, up: 4 }

/** The worst first; among equals what changed last. ISO times in UTC are compared as they are written. */
export function byUrgency(a: Camera, b: Camera): number {
  const [since, other] = [a.status.since ?? '', b.status.since ?? '']
  return (
    RANK[a.status.state] - RANK[b.status.state] || (since === other ? a.id - b.id : since < other ? 1 : -1)
  )
}
