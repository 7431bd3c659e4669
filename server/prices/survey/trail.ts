import type { Pool, PoolClient } from 'pg'
import type { SurveyEvent } from '#contract/survey.ts'
import { storableJson } from '../../database/text.ts'
import type { Person } from './states.ts'

export interface NewEvent {
  surveyId: number
  commodity?: string
  kind: 'begun' | 'taken-over' | 'entered' | 'submitted' | 'sent-back' | 'verified' | 'published'
  version?: number
  clientId?: string
  detail?: Record<string, unknown>
}

/** All that happened to a survey, in its order. Empty where there is none with that id: each has an event of its begin. */
export async function readTrail(pool: Pool, surveyId: number): Promise<SurveyEvent[]> {
  const result = await pool.query<Omit<SurveyEvent, 'at'> & { at: Date }>({
    name: 'survey-trail',
    text: 'SELECT at, actor, kind, commodity, version, detail FROM survey_event WHERE survey_id = $1 ORDER BY id',
    values: [surveyId],
  })
  return result.rows.map(({ at, ...event }) => ({ ...event, at: at.toISOString() }))
}

/**
 * Adds to the trail.
 * @returns how many were added: fewer than given where a client's id was used before
 */
export async function writeEvents(
  client: PoolClient,
  events: readonly NewEvent[],
  actor: Person,
  now: Date,
): Promise<number> {
  if (events.length === 0) return 0
  const result = await client.query(
    `INSERT INTO survey_event (survey_id, commodity, at, actor_id, actor, kind, version, client_id, detail)
     SELECT "surveyId", commodity, $2, $3, $4, kind, version, "clientId", coalesce(detail, '{}')
     FROM jsonb_to_recordset($1::jsonb) AS t("surveyId" bigint, commodity text, kind text, version integer,
       "clientId" uuid, detail jsonb)
     ON CONFLICT (client_id) DO NOTHING`,
    [storableJson(events), now, actor.id, actor.name],
  )
  return result.rowCount ?? 0
}

/** Which of the clients' ids of this survey's edits are known. */
export async function knownEdits(
  client: PoolClient,
  surveyId: number,
  ids: readonly string[],
): Promise<Set<string>> {
  const result = await client.query<{ client_id: string }>(
    `SELECT client_id FROM survey_event WHERE client_id = ANY ($2::uuid[]) AND survey_id = $1`,
    [surveyId, ids],
  )
  return new Set(result.rows.map(({ client_id }) => client_id))
}
