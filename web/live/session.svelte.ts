import type { Role, Viewer } from '#contract/model.ts'

let viewer = $state<Viewer | null>(null)
let loaded = $state(false)

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
    const answer = await fetch('/api/session')
    if (!answer.ok) return
    viewer = ((await answer.json()) as { viewer: Viewer | null }).viewer
    loaded = true
  },
  ended(): void {
    void session.load()
  },
}
