import type { PoolClient } from 'pg'
import type { SendBackRequest, VerifyRequest, VerifyResult } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { lockedMonths, monthOf } from '../locked.ts'
import { readPriceSettings } from '../settings.ts'
import { lockQuotes } from '../store.ts'
import { surveyFeed } from './feed.ts'
import { personOf } from './place.ts'
import { NOTHING_PUBLISHED, publishEntries, tellPublished, type Published } from './publish.ts'
import { refusalOf, type Person } from './states.ts'
import {
  handsOf,
  keyOf,
  lockSurveys,
  moveEntries,
  readEntries,
  type StoredEntry,
  type StoredSurvey,
} from './store.ts'
import { writeEvents } from './trail.ts'
import { flagKey } from './findings.ts'
import { foundWrong } from './verification-store.ts'

type Deciding = Pick<Context, 'pool' | 'clock' | 'bus'>

/** Verifies what may be verified and says what may not; publishes it at once where the settings say so. */
export async function verify(
  context: Deciding,
  { entries: refs }: VerifyRequest,
  viewer: KnownViewer,
): Promise<VerifyResult> {
  const [who, now] = [personOf(viewer), context.clock()]
  const { published, ...result } = await withTransaction(context.pool, async (client) => {
    const { publish } = await readPriceSettings(client)
    const { surveys, taken, ...decided } = await decide(client, 'verify', refs, viewer)
    if (taken.length === 0) return { ...decided, published: NOTHING_PUBLISHED }
    await moveEntries(client, taken, { state: 'verified', by: who.name }, now)
    await writeEvents(client, taken.map(event('verified')), who, now)
    const published: Published =
      publish === 'by-hand' ? NOTHING_PUBLISHED : await publishEntries(client, surveys, taken, who, now)
    return { ...decided, published }
  })
  tellPublished(context, published)
  return result
}

/** Gives entries back to their officer, with the reason. */
export async function sendBack(
  { pool, clock }: Deciding,
  { entries: refs, reason }: SendBackRequest,
  viewer: KnownViewer,
): Promise<VerifyResult> {
  const [who, now] = [personOf(viewer), clock()]
  return withTransaction(pool, async (client) => {
    const { surveys: _, taken, ...decided } = await decide(client, 'send-back', refs, viewer)
    await moveEntries(client, taken, { state: 'sent-back', by: who.name, reason }, now)
    await writeEvents(client, taken.map(event('sent-back', { reason })), who, now)
    return decided
  })
}

const event =
  (kind: 'verified' | 'sent-back', detail: Record<string, unknown> = {}) =>
  ({ surveyId, commodity, version }: StoredEntry) => ({ surveyId, commodity, version, kind, detail })

interface DecidedOn extends VerifyResult {
  surveys: StoredSurvey[]
  taken: StoredEntry[]
}

/** Which of the entries may be decided on. Until the transaction ends nobody changes them and no month closes. */
async function decide(
  client: PoolClient,
  action: 'verify' | 'send-back',
  refs: VerifyRequest['entries'],
  viewer: { accountId: number | null; name: string },
): Promise<DecidedOn> {
  const asked = new Map(refs.map((ref) => [keyOf(ref), ref]))
  const surveys = await lockSurveys(client, [...new Set(refs.map(({ surveyId }) => surveyId))])
  if (action === 'verify') await lockQuotes(client)
  const ids = surveys.map(({ id }) => id)
  const [entries, hands, locked, wrong] = [
    new Map((await readEntries(client, ids)).map((entry) => [keyOf(entry), entry])),
    await handsOf(client, ids),
    await lockedMonths(
      client,
      surveys.map(({ day }) => day),
    ),
    new Set((await foundWrong(client, surveys, (await surveyFeed(client)).number)).map(flagKey)),
  ]
  const byId = new Map(surveys.map((survey) => [survey.id, survey]))
  const handsOn = (entry: StoredEntry): Person[] => {
    const officer = byId.get(entry.surveyId)?.officer
    return [entry.author, ...(officer === undefined ? [] : [officer]), ...(hands.get(keyOf(entry)) ?? [])]
  }
  const result: DecidedOn = { surveys, taken: [], done: 0, refused: [] }
  for (const [key, { surveyId, commodity, version }] of asked) {
    const entry = entries.get(key)
    const { market, day } = byId.get(surveyId) ?? { market: '', day: '' }
    const why = refusalOf(
      action,
      entry && {
        state: entry.state,
        version: entry.version,
        hands: handsOn(entry),
        locked: locked.has(monthOf(day)),
        wrong: wrong.has(flagKey({ ...entry, market, day })),
      },
      version,
      viewer,
    )
    if (entry !== undefined && why === null) result.taken.push(entry)
    else result.refused.push({ surveyId, commodity, why: why ?? 'state' })
  }
  result.done = result.taken.length
  return result
}
