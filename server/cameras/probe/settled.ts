import type { CameraState, Fault, Layer } from '#contract/camera.ts'
import type { Finding } from './types.ts'

/** What a check, or a change of circumstances, came to for one camera. Times are ms since 1970. */
export interface Settled {
  cameraId: number
  at: number
  /** null: nothing was checked, only what stands around it changed */
  checked: { failed: Finding | null; latencyMs: number | null } | null
  /** after this, silence makes it unknown */
  silentAfter: number
  state: CameraState
  since: number
  /** what is shown of why */
  finding: Finding | null
  flapping: boolean
  planned: boolean
  outage: { planned: boolean } | null
  /** since when the camera's own verdict holds: outages within planned work are dated by it */
  verdictSince: number
  /** to be kept for the next start, or another instance; null: it may wait */
  memory: Remembered | null
}
export interface Remembered {
  /** plain JSON of verdict, stream and picture */
  json: string
  verdict: CameraState
  since: number
  layer: Layer | null
  fault: Fault | null
  failing: boolean
  subnet: string | null
  latencies: (number | null)[]
}
