import type { Pool, PoolClient } from 'pg'
import type { Person } from './states.ts'

/** Ids of a survey's photos. */
export async function photoIds(client: PoolClient, surveyId: number): Promise<Set<number>> {
  const result = await client.query<{ id: number }>('SELECT id FROM survey_photo WHERE survey_id = $1', [
    surveyId,
  ])
  return new Set(result.rows.map(({ id }) => id))
}

export interface NewPhoto {
  surveyId: number
  clientId: string
  jpeg: Buffer
  author: Person
}

/**
 * Keeps a photo once.
 * @returns its id; null where the client's id belongs to another survey's photo
 */
export async function keepPhoto(
  client: PoolClient,
  { surveyId, clientId, jpeg, author }: NewPhoto,
  now: Date,
): Promise<number | null> {
  await client.query(
    `INSERT INTO survey_photo (survey_id, client_id, jpeg, author, received_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (client_id) DO NOTHING`,
    [surveyId, clientId, jpeg, author.name, now],
  )
  return (await findSent(client, clientId, surveyId)) ?? null
}

/** The photo of a survey that was sent under that id. */
export async function findSent(
  database: Pool | PoolClient,
  clientId: string,
  surveyId: number,
): Promise<number | undefined> {
  const result = await database.query<{ id: number }>(
    'SELECT id FROM survey_photo WHERE client_id = $1 AND survey_id = $2',
    [clientId, surveyId],
  )
  return result.rows[0]?.id
}

export async function readPhoto(pool: Pool, id: number): Promise<Buffer | undefined> {
  const result = await pool.query<{ jpeg: Buffer }>('SELECT jpeg FROM survey_photo WHERE id = $1', [id])
  return result.rows[0]?.jpeg
}
