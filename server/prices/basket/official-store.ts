import type { Pool, PoolClient } from 'pg'
import type { OfficialSeries } from '#contract/indicators.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { OfficialPoint } from './official-file.ts'

export type SeriesHead = Omit<OfficialSeries, 'points'>
type Row = OfficialSeries['points'][number] & { series: string }

/** The last revision of every point, by day. */
export async function officialPoints(database: Pool | PoolClient): Promise<Row[]> {
  const result = await database.query<Row>({
    name: 'official-points',
    text: `SELECT DISTINCT ON (series, day) series, day, value, note, revision FROM official_point
      ORDER BY series, day, revision DESC`,
  })
  return result.rows
}

/**
 * Keeps points inside the caller's transaction; a changed value or note is a new revision. Importers of a series wait for
 * each other.
 */
export async function storeOfficial(
  client: PoolClient,
  series: SeriesHead,
  points: readonly OfficialPoint[],
  { viewer, now }: { viewer: Pick<KnownViewer, 'actor' | 'name'>; now: Date },
): Promise<{ added: number; revised: number; unchanged: number }> {
  await client.query(
    `INSERT INTO official_series (code, title, unit, source) VALUES ($1, $2, $3, $4)
     ON CONFLICT (code) DO UPDATE SET title = excluded.title, unit = excluded.unit, source = excluded.source`,
    [series.code, series.title, series.unit, series.source],
  )
  const result = await client.query<{ revision: number }>(
    `WITH given AS (SELECT * FROM unnest($2::date[], $3::float8[], $4::text[]) AS g(day, value, note)),
     last AS (
       SELECT DISTINCT ON (day) day, value, note, revision FROM official_point WHERE series = $1 ORDER BY day, revision DESC)
     INSERT INTO official_point (series, day, revision, value, note, received_at, author)
     SELECT $1, g.day, coalesce(l.revision, 0) + 1, g.value, g.note, $5, $6
     FROM given g LEFT JOIN last l USING (day) WHERE (l.value, l.note) IS DISTINCT FROM (g.value, g.note)
     RETURNING revision`,
    [
      series.code,
      points.map(({ day }) => day),
      points.map(({ value }) => value),
      points.map(({ note }) => note),
      now,
      viewer.name,
    ],
  )
  const added = result.rows.filter(({ revision }) => revision === 1).length
  const counts = { added, revised: result.rows.length - added, unchanged: points.length - result.rows.length }
  await client.query(
    `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'official-series-imported', $3, $4)`,
    [now, viewer.actor, series.code, JSON.stringify(counts)],
  )
  return counts
}
