import type { Role, Viewer } from '#contract/viewer.ts'
import { get } from './api.ts'

const RETRY_MS = 5_000
let viewer = $state<Viewer | null>(null)
let loaded = $state(false)
let turn = 0
let newest = Promise.resolve()

async function ask(own: number): Promise<void> {
  const answer = await get<{ viewer: Viewer | null }>('/api/session')
  // Who signs in over another's session is told that it ended: what was asked before must not come after.
  if (own !== turn) return newest
  viewer = answer.viewer
  loaded = true
}

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
  /** Asks who looks; where somebody asks again meanwhile, the later answer counts for both. */
  load(): Promise<void> {
    turn += 1
    newest = ask(turn)
    return newest
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
