import type { Pool } from 'pg'
import type { Alert } from '#contract/alert.ts'
import type { Condition } from './rules.ts'

interface AlertRow {
  id: number
  rule: Alert['rule']
  subject: string
  severity: Alert['severity']
  facts: Alert['facts']
  opened_at: Date
}
const toAlert = ({ id, rule, subject, severity, facts, opened_at }: AlertRow): Alert => ({
  id,
  rule,
  subject,
  severity,
  facts,
  openedAt: opened_at.toISOString(),
})

export async function listAlerts(pool: Pool): Promise<Alert[]> {
  const result = await pool.query<AlertRow>(
    `SELECT * FROM alert WHERE resolved_at IS NULL ORDER BY opened_at DESC`,
  )
  return result.rows.map(toAlert)
}

/** Opens an alert for every condition that has none, renews what the others say, and resolves those whose condition is over. */
export async function settleAlerts(
  pool: Pool,
  conditions: Condition[],
  now: Date,
): Promise<{ opened: Alert[]; resolved: number[] }> {
  const values = [conditions.map((one) => one.rule), conditions.map((one) => one.subject)]
  const opened = await pool.query<AlertRow>(
    `INSERT INTO alert (rule, subject, severity, facts, opened_at)
     SELECT t.rule, t.subject, t.severity, t.facts::jsonb, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t(rule, subject, severity, facts)
     ON CONFLICT (rule, subject) WHERE resolved_at IS NULL DO UPDATE SET facts = excluded.facts, severity = excluded.severity
       WHERE (alert.facts, alert.severity) IS DISTINCT FROM (excluded.facts, excluded.severity) RETURNING *`,
    [
      ...values,
      conditions.map((one) => one.severity),
      conditions.map((one) => JSON.stringify(one.facts)),
      now,
    ],
  )
  const resolved = await pool.query<{ id: number }>(
    `UPDATE alert a SET resolved_at = $3 WHERE resolved_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM unnest($1::text[], $2::text[]) AS t(rule, subject) WHERE t.rule = a.rule AND t.subject = a.subject)
     RETURNING id`,
    [...values, now],
  )
  return { opened: opened.rows.map(toAlert), resolved: resolved.rows.map((row) => row.id) }
}
