import type { App, Context } from '../context.ts'
import { Accounts } from './accounts.ts'
import { Cookies } from './cookies.ts'
import { Devices } from './devices.ts'
import { registerGuard } from './guard.ts'
import { FeedKeys, type OpenedFeed } from './keys.ts'
import { nobodysHash } from './password.ts'
import { Sessions } from './sessions.ts'
import { ensureSetup } from './setup.ts'
import { GUEST, type KnownViewer } from './viewer.ts'

export { ShortCache } from './cache.ts'
export { accessRoutes } from './routes.ts'
export type { KnownViewer, RouteAccess } from './viewer.ts'

export interface Access {
  sessions: Sessions
  accounts: Accounts
  devices: Devices
  keys: FeedKeys
  cookies: Cookies
  /** Call it before routes are registered. */
  registerGuard(app: App): void
  /** Who looks, by the cookies of a page or of a socket's handshake; null: nobody who may. */
  viewerOfCookieHeader(header: string | undefined): Promise<KnownViewer | null>
  /** Which feed a push's Authorization header opens; null where it opens none. */
  feedOfKey(authorization: string | undefined): Promise<OpenedFeed | null>
  /** The path of a one-time set-up link while nobody has an account, else null. */
  ensureSetup(): Promise<string | null>
  /** Once a minute or so: ends sessions that ran out, sockets included. */
  endExpiredSessions(): Promise<void>
}

export function createAccess(context: Context): Access {
  const sessions = new Sessions(context)
  const devices = new Devices(context)
  const keys = new FeedKeys(context)
  const cookies = new Cookies(context.config.publicUrl)

  const viewerOfCookieHeader = async (header: string | undefined): Promise<KnownViewer | null> => {
    const { session, device } = cookies.read(header)
    const viewer =
      (session === undefined ? null : await sessions.viewerOf(session)) ??
      (device === undefined ? null : await devices.viewerOf(device))
    return viewer ?? (context.config.guestsMayLook ? GUEST : null)
  }

  nobodysHash().catch((error: unknown) =>
    context.log.error({ err: error }, 'argon2 does not work on this machine'),
  )
  return {
    sessions,
    accounts: new Accounts(context, sessions),
    devices,
    keys,
    cookies,
    registerGuard: (app) => registerGuard(app, context, viewerOfCookieHeader),
    viewerOfCookieHeader,
    feedOfKey: (authorization) => keys.feedOf(authorization),
    ensureSetup: () => ensureSetup(context),
    endExpiredSessions: () => sessions.endExpired(),
  }
}
