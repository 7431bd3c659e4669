import type { PoolClient } from 'pg'
import type { FoundCause, OutageDetail, OutageNote } from '#contract/outages.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { lockIncident, setIncidentTaken } from '../topology/index.ts'
import { insertNote, lockOutage, readOutage, setFoundCause, setTaken } from './store.ts'

/** Who acts, when, on what. */
export interface Act {
  outageId: number
  actor: string
  at: Date
}
type Locked = NonNullable<Awaited<ReturnType<typeof lockOutage>>>
type Step = Pick<OutageNote, 'kind'> & Partial<Pick<OutageNote, 'text' | 'before' | 'after'>>

/** Somebody takes care of it. Throws an AppError where somebody else does. */
export const takeOutage = (context: Pick<Context, 'pool'>, act: Act) =>
  change(context, act, async (client, { takenBy }) => {
    if (takenBy === act.actor) return null
    if (takenBy !== null)
      throw new AppError('conflict', `${takenBy} has taken this outage. It can be released first.`, {
        takenBy,
      })
    await setTaken(client, act.outageId, act.actor, act.at)
    return { kind: 'take', after: act.actor }
  })

/** Nobody takes care of it any more; who releases for another is on record. */
export const releaseOutage = (context: Pick<Context, 'pool'>, act: Act) =>
  change(context, act, async (client, { takenBy }) => {
    if (takenBy === null) return null
    await setTaken(client, act.outageId, null, act.at)
    return { kind: 'release', before: takenBy }
  })

export const noteOutage = (context: Pick<Context, 'pool'>, act: Act, text: string) =>
  change(context, act, async () => ({ kind: 'note', text }))

/**
 * What was found to be its cause, afterwards or meanwhile; what was found before stays in the trail.
 * @param cause null: it is not known after all
 */
export const correctCause = (
  context: Pick<Context, 'pool'>,
  act: Act,
  { cause, text }: { cause: FoundCause | null; text: string },
) =>
  change(context, act, async (client, { foundCause }) => {
    if (foundCause === cause && text === '') return null
    await setFoundCause(client, act.outageId, cause)
    return { kind: 'cause', before: foundCause, after: cause, text }
  })

/** Throws an AppError where none has the id. @param work null: nothing changed */
async function change(
  { pool }: Pick<Context, 'pool'>,
  { outageId, actor, at }: Act,
  work: (client: PoolClient, known: Locked) => Promise<Step | null>,
): Promise<OutageDetail> {
  return withTransaction(pool, async (client) => {
    const known = await lockOutage(client, outageId)
    const step = known === undefined ? null : await work(client, known)
    if (step !== null)
      await insertNote(client, outageId, { text: '', before: null, after: null, ...step, actor, at })
    const outage = await readOutage(client, outageId)
    if (outage === undefined) throw new AppError('not-found', `No outage has the id ${outageId}.`)
    return outage
  })
}

/**
 * Somebody takes care of an incident, or releases it; the audit keeps it. Throws an AppError where none has the id or
 * somebody else takes care of it.
 */
export async function takeIncident(
  { pool }: Pick<Context, 'pool'>,
  { id, actor, at }: { id: number; actor: string; at: Date },
  verb: 'take' | 'release',
): Promise<void> {
  await withTransaction(pool, async (client) => {
    const known = await lockIncident(client, id)
    if (known === undefined) throw new AppError('not-found', `No incident has the id ${id}.`)
    if (verb === 'take' && known.takenBy !== null && known.takenBy !== actor)
      throw takenAlready('incident', known.takenBy)
    await setIncidentTaken(client, id, verb === 'take' ? actor : null, { actor, at })
  })
}

const takenAlready = (what: 'outage' | 'incident', takenBy: string) =>
  new AppError('conflict', `${takenBy} has taken this ${what}. It can be released first.`, { takenBy })
