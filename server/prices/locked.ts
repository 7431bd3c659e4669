import type { Pool, PoolClient } from 'pg'

/** The month of a day, YYYY-MM. */
export const monthOf = (day: string): string => day.slice(0, 7)

/** Which of the days' months are closed, as YYYY-MM. */
export async function lockedMonths(client: Pool | PoolClient, days: readonly string[]): Promise<Set<string>> {
  const months = [...new Set(days.map(monthOf))]
  const result = await client.query<{ month: string }>({
    name: 'price-locked',
    text: `SELECT to_char(month, 'YYYY-MM') AS month FROM price_lock
      WHERE unlocked_at IS NULL AND month = ANY ($1::date[])`,
    values: [months.map((month) => `${month}-01`)],
  })
  return new Set(result.rows.map(({ month }) => month))
}
