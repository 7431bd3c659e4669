import type { Pool, PoolClient } from 'pg'
import { Value } from 'typebox/value'
import { DEFAULT_PRICE_SETTINGS, PriceSettings } from '#contract/prices.ts'

/** What is set, and for the rest what is usual. */
export async function readPriceSettings(database: Pool | PoolClient): Promise<PriceSettings> {
  const result = await database.query<{ key: string; value: unknown }>({
    name: 'price-settings',
    text: 'SELECT key, value FROM price_setting',
  })
  const settings: unknown = {
    ...DEFAULT_PRICE_SETTINGS,
    ...Object.fromEntries(result.rows.map(({ key, value }) => [key, value])),
  }
  return Value.Parse(PriceSettings, settings)
}

/** Keeps what differs from before; the audit says what was in force. */
export async function writePriceSettings(
  client: PoolClient,
  settings: PriceSettings,
  actor: string,
  now: Date,
): Promise<void> {
  const before = await readPriceSettings(client)
  const changed = Object.entries(settings).filter(
    ([key, value]) => before[key as keyof PriceSettings] !== value,
  )
  if (changed.length === 0) return
  await client.query(
    `INSERT INTO price_setting (key, value, changed_by, changed_at)
     SELECT key, value::jsonb, $3, $4 FROM unnest($1::text[], $2::text[]) AS t(key, value)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [changed.map(([key]) => key), changed.map(([, value]) => JSON.stringify(value)), actor, now],
  )
  await client.query(
    `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'setting-changed', 'prices', $3)`,
    [
      now,
      actor,
      JSON.stringify({
        before: Object.fromEntries(changed.map(([key]) => [key, before[key as keyof PriceSettings]])),
        after: Object.fromEntries(changed),
      }),
    ],
  )
}
