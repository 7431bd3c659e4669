import { withTransaction } from '../database/pool.ts'
import type { Role } from '#contract/viewer.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { hashPassword, passwordFault } from './password.ts'
import type { Sessions } from './sessions.ts'
import {
  countOtherAdmins,
  findAccount,
  insertAccount,
  listAccounts,
  lockAccounts,
  updateAccount,
  type Account,
} from './accounts-store.ts'
import { writeAudit } from './audit.ts'
import { deleteSessionsOf } from './sessions-store.ts'

export interface NewAccount {
  username: string
  name: string
  role: Role
  password: string
}
export interface AccountChange {
  role?: Role
  disabled?: boolean
  password?: string
}

export class Accounts {
  #context: Context
  #sessions: Sessions

  constructor(context: Context, sessions: Sessions) {
    this.#context = context
    this.#sessions = sessions
  }

  list(): Promise<Account[]> {
    return listAccounts(this.#context.pool)
  }

  async create({ username, name, role, password }: NewAccount, actor: string): Promise<number> {
    const { pool, clock } = this.#context
    refuseFaulty(password, username)
    const passwordHash = await hashPassword(password)
    return withTransaction(pool, async (client) => {
      const now = clock()
      const id = await insertAccount(client, { username, name, role, passwordHash, now })
      if (id === undefined) throw new AppError('conflict', 'This username is taken: choose another.')
      await writeAudit(client, {
        at: now,
        actor,
        action: 'account-created',
        subject: username,
        detail: { role },
      })
      return id
    })
  }

  /** Any change ends the account's sessions: nobody goes on with a role or a password that is gone. */
  async change(id: number, { role, disabled, password }: AccountChange, actor: string): Promise<void> {
    const { pool, clock } = this.#context
    const known = await findAccount(pool, id)
    if (known === undefined) throw new AppError('not-found', `No account has the id ${id}.`)
    if (password !== undefined) refuseFaulty(password, known.username)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    const ended = await withTransaction(pool, async (client) => {
      // Two administrators who demote each other at once would otherwise both succeed.
      await lockAccounts(client)
      const account = (await findAccount(client, id)) ?? known
      const now = clock()
      const next = {
        role: role ?? account.role,
        disabledAt:
          disabled === undefined ? account.disabledAt : disabled ? (account.disabledAt ?? now) : null,
      }
      const governs = (one: { role: Role; disabledAt: Date | null }) =>
        one.role === 'admin' && one.disabledAt === null
      if (governs(account) && !governs(next) && (await countOtherAdmins(client, id)) === 0)
        throw new AppError('conflict', 'This is the last administrator: make another one first.')
      await updateAccount(client, id, { ...next, passwordHash })
      const detail = {
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled }),
        ...(password === undefined ? {} : { passwordChanged: true }),
      }
      await writeAudit(client, {
        at: now,
        actor,
        action: 'account-changed',
        subject: account.username,
        detail,
      })
      return deleteSessionsOf(client, id)
    })
    this.#sessions.ended(ended)
  }
}

export function refuseFaulty(password: string, username: string): void {
  const fault = passwordFault(password, username)
  if (fault !== null) throw new AppError('bad-input', fault, { field: 'password' })
}
