import { testCameras } from '../../cameras/testing/index.ts'

/** A product with the city's markets and two sources of prices: the survey, which counts, and a portal. */
export async function testPrices() {
  const server = await testCameras()
  const { pool, pack } = server
  await pool.query(
    `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    [
      pack.markets.map(({ code }) => code),
      pack.markets.map(({ name }) => name),
      pack.markets.map(({ level }) => level),
    ],
  )
  const made = await pool.query<{ id: string; number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES
       ('survey', 'prices', 'push', 'survey', 'Survey', 60), ('portal', 'prices', 'pull', 'x', 'Portal', 50)
     RETURNING id, number`,
  )
  const numbers = new Map(made.rows.map(({ id, number }) => [id, number]))
  /** The number of a source. */
  const feed = (id: string): number => numbers.get(id) ?? 0
  return { ...server, feed }
}
