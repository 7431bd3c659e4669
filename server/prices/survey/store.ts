import type { Pool, PoolClient } from 'pg'
import type { EntryAnswer, EntryState, Stock, SurveyEntry } from '#contract/survey.ts'
import { storableJson } from '../../database/text.ts'
import type { Person } from './states.ts'
import { writeEvents } from './trail.ts'

export interface StoredSurvey {
  id: number
  market: string
  day: string
  officer: Person
}
export interface StoredEntry {
  surveyId: number
  commodity: string
  /** of what was entered: it grows with every change of it, not with its state */
  version: number
  answer: EntryAnswer
  prices: number[]
  price: number | null
  stock: Stock | null
  note: string
  photoId: number | null
  insist: string
  state: EntryState
  sentBackReason: string
  author: Person
  device: string
  notedAt: Date
  receivedAt: Date
  /** for the first time */
  submittedAt: Date | null
  verifiedBy: string | null
}
export const toEntry = (stored: StoredEntry): SurveyEntry => ({
  commodity: stored.commodity,
  version: stored.version,
  answer: stored.answer,
  prices: stored.prices,
  price: stored.price,
  stock: stored.stock,
  note: stored.note,
  photoId: stored.photoId,
  insist: stored.insist,
  state: stored.state,
  sentBackReason: stored.sentBackReason,
  author: stored.author.name,
  device: stored.device,
  notedAt: stored.notedAt.toISOString(),
  receivedAt: stored.receivedAt.toISOString(),
  verifiedBy: stored.verifiedBy,
})

interface SurveyRecord {
  id: number
  market: string
  day: string
  officer_id: number | null
  officer: string
}
const SURVEY = 'id, market, day, officer_id, officer'
const toSurvey = ({ officer_id, officer, ...rest }: SurveyRecord): StoredSurvey => ({
  ...rest,
  officer: { id: officer_id, name: officer },
})

/** The survey of a market and day, if it was begun. */
export async function findSurvey(
  database: Pool | PoolClient,
  market: string,
  day: string,
): Promise<StoredSurvey | undefined> {
  const result = await database.query<SurveyRecord>({
    name: 'survey-find',
    text: `SELECT ${SURVEY} FROM survey WHERE market = $1 AND day = $2`,
    values: [market, day],
  })
  return result.rows.map(toSurvey)[0]
}

/** Has whoever else changes the survey wait for this transaction; begins it where nobody did. */
export async function lockOrBegin(
  client: PoolClient,
  market: string,
  day: string,
  officer: Person,
  now: Date,
): Promise<StoredSurvey> {
  const begun = await client.query<{ id: number }>(
    `INSERT INTO survey (market, day, officer_id, officer, begun_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (market, day) DO NOTHING RETURNING id`,
    [market, day, officer.id, officer.name, now],
  )
  const id = begun.rows[0]?.id
  if (id !== undefined) await writeEvents(client, [{ surveyId: id, kind: 'begun' }], officer, now)
  const survey = await lockSurvey(client, market, day)
  if (survey === undefined) throw new Error(`the survey of ${market} on ${day} is gone`)
  return survey
}

/** As lockOrBegin; undefined where nobody began it. */
export async function lockSurvey(
  client: PoolClient,
  market: string,
  day: string,
): Promise<StoredSurvey | undefined> {
  const result = await client.query<SurveyRecord>(
    `SELECT ${SURVEY} FROM survey WHERE market = $1 AND day = $2 FOR UPDATE`,
    [market, day],
  )
  return result.rows.map(toSurvey)[0]
}

/** Several at once, always in the same order, so that no two wait for each other. */
export async function lockSurveys(client: PoolClient, ids: readonly number[]): Promise<StoredSurvey[]> {
  const result = await client.query<SurveyRecord>(
    `SELECT ${SURVEY} FROM survey WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE`,
    [ids],
  )
  return result.rows.map(toSurvey)
}

export async function setOfficer(client: PoolClient, id: number, officer: Person): Promise<void> {
  await client.query('UPDATE survey SET officer_id = $2, officer = $3 WHERE id = $1', [
    id,
    officer.id,
    officer.name,
  ])
}

interface EntryRecord extends Omit<StoredEntry, 'author'> {
  authorId: number | null
  author: string
}
const ENTRY = `survey_id AS "surveyId", commodity, version, answer, prices, price, stock, note, photo_id AS "photoId", insist,
  state, sent_back_reason AS "sentBackReason", author_id AS "authorId", author, device, noted_at AS "notedAt",
  received_at AS "receivedAt", submitted_at AS "submittedAt", verified_by AS "verifiedBy"`

/** All entries of surveys. */
export async function readEntries(
  database: Pool | PoolClient,
  surveyIds: readonly number[],
): Promise<StoredEntry[]> {
  const result = await database.query<EntryRecord>({
    name: 'survey-entries',
    text: `SELECT ${ENTRY} FROM survey_entry WHERE survey_id = ANY ($1::bigint[]) ORDER BY survey_id, commodity`,
    values: [surveyIds],
  })
  return result.rows.map(({ authorId, author, ...entry }) => ({
    ...entry,
    author: { id: authorId, name: author },
  }))
}

/** Writes what stands of each from now on. */
export async function writeEntries(client: PoolClient, entries: readonly StoredEntry[]): Promise<void> {
  if (entries.length === 0) return
  await client.query(
    `INSERT INTO survey_entry (survey_id, commodity, version, answer, prices, price, stock, note, photo_id, insist, state,
       sent_back_reason, author_id, author, device, noted_at, received_at, submitted_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS t("surveyId" bigint, commodity text, version integer, answer text,
       prices integer[], price integer, stock text, note text, "photoId" bigint, insist text, state text,
       "sentBackReason" text, "authorId" bigint, author text, device text, "notedAt" timestamptz,
       "receivedAt" timestamptz, "submittedAt" timestamptz)
     ON CONFLICT (survey_id, commodity) DO UPDATE SET version = excluded.version, answer = excluded.answer,
       prices = excluded.prices, price = excluded.price, stock = excluded.stock, note = excluded.note,
       photo_id = excluded.photo_id, insist = excluded.insist, state = excluded.state,
       sent_back_reason = excluded.sent_back_reason, author_id = excluded.author_id, author = excluded.author,
       device = excluded.device, noted_at = excluded.noted_at, received_at = excluded.received_at,
       submitted_at = excluded.submitted_at, verified_by = NULL, verified_at = NULL`,
    [
      storableJson(
        entries.map((entry) => ({ ...entry, authorId: entry.author.id, author: entry.author.name })),
      ),
    ],
  )
}

/** An entry of a survey, to be moved on. */
export type EntryKey = Pick<StoredEntry, 'surveyId' | 'commodity'>
const keys = (entries: readonly EntryKey[]) => [
  entries.map(({ surveyId }) => surveyId),
  entries.map(({ commodity }) => commodity),
]

/** Moves entries to a state; what belongs to that state is written with it. */
export async function moveEntries(
  client: PoolClient,
  entries: readonly EntryKey[],
  to: { state: Exclude<EntryState, 'draft'>; by: string; reason?: string },
  now: Date,
): Promise<void> {
  await client.query(
    `UPDATE survey_entry e SET state = $3,
       submitted_at = CASE WHEN $3 = 'submitted' THEN coalesce(submitted_at, $5) ELSE submitted_at END,
       sent_back_reason = CASE $3 WHEN 'sent-back' THEN $6 WHEN 'submitted' THEN '' ELSE sent_back_reason END,
       verified_by = CASE $3 WHEN 'verified' THEN $4 WHEN 'sent-back' THEN NULL ELSE verified_by END,
       verified_at = CASE $3 WHEN 'verified' THEN $5 WHEN 'sent-back' THEN NULL ELSE verified_at END,
       published_at = CASE WHEN $3 = 'published' THEN $5 ELSE published_at END
     FROM unnest($1::bigint[], $2::text[]) AS t(survey_id, commodity)
     WHERE e.survey_id = t.survey_id AND e.commodity = t.commodity`,
    [...keys(entries), to.state, to.by, now, to.reason ?? ''],
  )
}

/** All who ever entered or submitted something, by survey and commodity. */
export async function handsOf(
  client: Pool | PoolClient,
  surveyIds: readonly number[],
): Promise<Map<string, Person[]>> {
  const result = await client.query<EntryKey & { id: number | null; name: string }>({
    name: 'survey-hands',
    text: `SELECT DISTINCT survey_id AS "surveyId", commodity, actor_id AS id, actor AS name FROM survey_event
      WHERE survey_id = ANY ($1::bigint[]) AND kind IN ('entered', 'submitted')`,
    values: [surveyIds],
  })
  const hands = new Map<string, Person[]>()
  for (const { id, name, ...key } of result.rows)
    hands.set(keyOf(key), [...(hands.get(keyOf(key)) ?? []), { id, name }])
  return hands
}
export const keyOf = ({ surveyId, commodity }: EntryKey): string => `${surveyId} ${commodity}`
