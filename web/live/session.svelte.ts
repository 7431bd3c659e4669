import type { Role, Viewer } from '#contract/viewer.ts'
import { get } from './api.ts'

const RETRY_MS = 5_000
let viewer = $state<Viewer | null>(null)
let loaded = $state(false)
let newest: Promise<unknown> | undefined

export const session = {
  get viewer(): Viewer | null {
    return viewer
  },
  /** false until the server was asked who looks */
  get loaded(): boolean {
    return loaded
  },
  may(...roles: Role[]): boolean {
    return (
      viewer !== null && viewer.kind === 'account' && (viewer.role === 'admin' || roles.includes(viewer.role))
    )
  },
  async load(): Promise<void> {
    const asking = get<{ viewer: Viewer | null }>('/api/session')
    newest = asking
    const answer = await asking
    // Who signs in over another's session is told that it ended: what was asked before must not come after.
    if (newest !== asking) return void (await newest)
    viewer = answer.viewer
    loaded = true
  },
  /** Goes on as who looked last, while the server cannot be asked. */
  restore(kept: Viewer): void {
    viewer = kept
  },
  /** Asks who looks now, until the server answers. */
  ended(): void {
    session.load().catch(() => setTimeout(() => session.ended(), RETRY_MS))
  },
}
