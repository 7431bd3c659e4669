import type { CameraRow } from '#contract/camera-list.ts'
import { get } from '../../live/api.ts'

const REFRESH_MS = 60_000

/** What changes slowly of all cameras, read by HTTP every minute while the page is looked at. */
export class Rows {
  byId = $state.raw<ReadonlyMap<number, CameraRow>>(new Map())
  /** ms since 1970; null until it was read */
  readAt = $state<number | null>(null)
  /** why the last reading failed; what was read before stays */
  error = $state<unknown>(null)

  async load(): Promise<void> {
    try {
      const { rows } = await get<{ rows: CameraRow[] }>('/api/cameras/rows')
      this.byId = new Map(rows.map((row) => [row.id, row]))
      this.readAt = Date.now()
      this.error = null
    } catch (error) {
      this.error = error
    }
  }
  /** Reads now and again until the returned function is called. */
  keep(): () => void {
    void this.load()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.load()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }
}
