import { withTransaction } from '../database/pool.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { refuseFaulty } from './accounts.ts'
import { hashPassword } from './password.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import { countAccounts, insertAccount, lockAccounts } from './accounts-store.ts'
import { writeAudit } from './audit.ts'
import { replaceSetupLink, setupLinkOpen, useSetupLink } from './setup-store.ts'
import { hashOf, newToken } from './tokens.ts'

const VALID_MS = 24 * 3_600_000

export interface SetupRequest {
  token: string
  username: string
  name: string
  password: string
}

/** While nobody has an account: a fresh one-time link's path, in place of any older one. Null where somebody has. */
export async function ensureSetup({ pool, clock }: Context): Promise<string | null> {
  return withTransaction(pool, async (client) => {
    await lockAccounts(client)
    if ((await countAccounts(client)) > 0) return null
    const token = newToken()
    const now = clock()
    await replaceSetupLink(client, hashOf(token), now, new Date(now.getTime() + VALID_MS))
    return `/setup/${token}`
  })
}

/** Makes the first administrator of whoever holds the link, and signs them in. */
export async function setUp(
  { pool, clock }: Context,
  sessions: Sessions,
  { token, username, name, password }: SetupRequest,
  from: { ip: string; previous: string | undefined },
): Promise<SignedIn> {
  const link = hashOf(token)
  if (!(await setupLinkOpen(pool, link, clock()))) throw spent()
  refuseFaulty(password, username)
  const passwordHash = await hashPassword(password)
  const id = await withTransaction(pool, async (client) => {
    const now = clock()
    await lockAccounts(client)
    if (!(await useSetupLink(client, link, now)) || (await countAccounts(client)) > 0) throw spent()
    const created = await insertAccount(client, { username, name, role: 'admin', passwordHash, now })
    if (created === undefined) throw spent()
    await writeAudit(client, {
      at: now,
      actor: username,
      action: 'set-up',
      subject: username,
      detail: { ip: from.ip },
    })
    return created
  })
  const signedIn = await sessions.begin({ id, username, name, role: 'admin', passwordHash }, from)
  if (signedIn === undefined) throw new AppError('not-signed-in', 'The account was made; sign in with it.')
  return signedIn
}

const spent = () =>
  new AppError(
    'forbidden',
    'This set-up link was used or is too old. If nobody has an account yet, start the server again: it prints a new one.',
  )
