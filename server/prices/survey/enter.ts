import type { PoolClient } from 'pg'
import type { EntryEdits, EntryOutcome } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { dayOf } from '../days.ts'
import { applyEdits } from './edits.ts'
import { photoIds } from './photos-store.ts'
import { closedFor, personOf, requireOwn } from './place.ts'
import { isSame } from './states.ts'
import {
  findSurvey,
  lockOrBegin,
  readEntries,
  setOfficer,
  toEntry,
  writeEntries,
  type StoredEntry,
} from './store.ts'
import { knownEdits, writeEvents } from './trail.ts'

/** A survey by its market and day, both known to be there. */
export interface Place {
  market: string
  day: string
}

/**
 * Stores what a phone sends, each edit once. The answers come in the order of the edits, with what stands now.
 * Throws 'conflict' where the survey is another officer's and something of it would be new.
 */
export async function enterEdits(
  { pool, pack, clock }: Pick<Context, 'pool' | 'pack' | 'clock'>,
  { market, day }: Place,
  { device, entries: edits }: EntryEdits,
  viewer: KnownViewer,
): Promise<EntryOutcome[]> {
  const now = clock()
  const closed = await closedFor(pool, day, dayOf(now, pack.city.timezone))
  return withTransaction(pool, async (client) => {
    if (closed !== null) {
      const survey = await findSurvey(client, market, day)
      const standing = survey === undefined ? [] : await readEntries(client, [survey.id])
      const refused = edits.map(({ clientId, commodity }) => ({ clientId, commodity, problem: closed }))
      return answers(
        refused.map((one) => ({ ...one, outcome: 'refused' as const })),
        standing,
      )
    }
    const who = personOf(viewer)
    const survey = await lockOrBegin(client, market, day, who, now)
    const known = await knownEdits(
      client,
      survey.id,
      edits.map(({ clientId }) => clientId),
    )
    if (edits.some(({ clientId }) => !known.has(clientId))) requireOwn(survey, viewer)
    const applied = applyEdits(await readEntries(client, [survey.id]), known, edits, {
      surveyId: survey.id,
      commodities: new Set(pack.commodities.map(({ code }) => code)),
      photos: await photoIds(client, survey.id),
      who,
      device,
      now,
    })
    const standing = [...applied.standing.values()]
    await writeEntries(
      client,
      standing.filter(({ commodity }) => applied.changed.has(commodity)),
    )
    if ((await writeEvents(client, applied.events, who, now)) < applied.events.length)
      throw new AppError(
        'conflict',
        'An id of these edits was used in another survey: give each edit its own.',
      )
    return answers(applied.outcomes, standing)
  })
}

function answers(
  outcomes: readonly Omit<EntryOutcome, 'entry'>[],
  standing: readonly StoredEntry[],
): EntryOutcome[] {
  const entries = new Map(standing.map((entry) => [entry.commodity, toEntry(entry)]))
  return outcomes.map((outcome) => ({ ...outcome, entry: entries.get(outcome.commodity) ?? null }))
}

/** Whoever asks fills the survey in from now on; the trail names both. Begins it where nobody did. */
export async function takeOver(
  { pool, clock }: Pick<Context, 'pool' | 'clock'>,
  { market, day }: Place,
  viewer: KnownViewer,
): Promise<void> {
  const [who, now] = [personOf(viewer), clock()]
  await withTransaction(pool, async (client: PoolClient) => {
    const { id, officer } = await lockOrBegin(client, market, day, who, now)
    if (isSame(officer, viewer)) return
    await setOfficer(client, id, who)
    await writeEvents(
      client,
      [{ surveyId: id, kind: 'taken-over', detail: { from: officer.name } }],
      who,
      now,
    )
  })
}
