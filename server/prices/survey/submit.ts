import type { Finding } from '#contract/quality.ts'
import { needsReason } from '#contract/quality/index.ts'
import type { SubmitResult } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { checkEntries, keepFindings } from './checks.ts'
import type { Place } from './enter.ts'
import { personOf, requireOwn } from './place.ts'
import { nextState } from './states.ts'
import { lockSurvey, moveEntries, readEntries } from './store.ts'
import { writeEvents } from './trail.ts'

/** So long a reason must be at least, as everywhere. */
const REASON_LENGTH = 3

/**
 * Submits the drafts of a survey; what was not entered stays missing. A value that looks wrong and has no reason stays a
 * draft and is named. What was found is kept for the verifier. Throws 'not-found' where nothing was begun, 'conflict'
 * where the survey is another officer's.
 */
export async function submit(
  { pool, pack, clock }: Pick<Context, 'pool' | 'pack' | 'clock'>,
  { market, day }: Place,
  viewer: KnownViewer,
): Promise<SubmitResult['refused']> {
  const [who, now] = [personOf(viewer), clock()]
  return withTransaction(pool, async (client) => {
    const survey = await lockSurvey(client, market, day)
    if (survey === undefined) throw new AppError('not-found', 'Nothing was entered yet.')
    requireOwn(survey, viewer)
    const drafts = (await readEntries(client, [survey.id])).filter(
      ({ state }) => nextState('submit', state) !== null,
    )
    const findings = await checkEntries(client, pack, survey, drafts)
    const of = (commodity: string) => findings.get(commodity) ?? []
    const [taken, left] = [
      drafts.filter((entry) => isAnsweredFor(entry.insist, of(entry.commodity))),
      drafts.filter((entry) => !isAnsweredFor(entry.insist, of(entry.commodity))),
    ]
    if (taken.length > 0) {
      await moveEntries(client, taken, { state: 'submitted', by: who.name }, now)
      await writeEvents(
        client,
        taken.map(({ surveyId, commodity, version }) => ({
          surveyId,
          commodity,
          kind: 'submitted',
          version,
          detail: { findings: of(commodity).map(({ check, severity }) => ({ check, severity })) },
        })),
        who,
        now,
      )
      await keepFindings(client, survey, taken, findings, now)
    }
    return left.map(({ commodity }) => ({
      commodity,
      problem: 'reason-missing' as const,
      findings: of(commodity),
    }))
  })
}

const isAnsweredFor = (insist: string, findings: readonly Finding[]) =>
  insist.trim().length >= REASON_LENGTH || !needsReason(findings)
