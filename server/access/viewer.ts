import type { Role, Viewer } from '#contract/viewer.ts'

/** Who looks, with what the server alone needs to know of them. */
export type KnownViewer = Viewer & {
  /** of one session or one device: sockets carry it, and it tells them apart when it ends */
  key: string
  /** how the audit names them */
  actor: string
}

export const GUEST: KnownViewer = {
  kind: 'guest',
  name: '',
  role: 'viewer',
  key: 'guest',
  accountId: null,
  actor: 'guest',
}

/**
 * 'public' asks nothing; 'view' asks for anyone who may look, guests where the city lets them; else an account with one of
 * the roles.
 */
export type RouteAccess = 'public' | 'view' | Role[]

/** What leaves the server of a viewer. */
export const shown = ({ kind, name, role, accountId }: Viewer): Viewer => ({ kind, name, role, accountId })

/** In a route that asks for a role, the guard let nobody else through. */
export function actorOf(viewer: KnownViewer | null): KnownViewer {
  if (viewer === null) throw new Error('a route that records its actor must ask for a role')
  return viewer
}
