import type { Pool } from 'pg'
import type { SurveyEvent } from '#contract/survey.ts'

/** All that happened to a survey, in its order. Empty where there is none with that id: each has an event of its begin. */
export async function readTrail(pool: Pool, surveyId: number): Promise<SurveyEvent[]> {
  const result = await pool.query<Omit<SurveyEvent, 'at'> & { at: Date }>({
    name: 'survey-trail',
    text: 'SELECT at, actor, kind, commodity, version, detail FROM survey_event WHERE survey_id = $1 ORDER BY id',
    values: [surveyId],
  })
  return result.rows.map(({ at, ...event }) => ({ ...event, at: at.toISOString() }))
}
