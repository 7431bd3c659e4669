import type { Pool, PoolClient } from 'pg'
import { DEFAULT_CONTRACT, type Contract } from '#contract/availability.ts'
import type { PartialSettings } from '#contract/probing.ts'

type Client = Pool | PoolClient

/** What is set for all cameras and for groups, by the group's name. */
export interface SharedSettings {
  all: PartialSettings
  groups: Map<string, PartialSettings>
}

const GROUP = 'group:'
const scopeOf = (group: string | undefined) => (group === undefined ? 'all' : GROUP + group)

export async function readSharedSettings(client: Client): Promise<SharedSettings> {
  const { rows } = await client.query<{ scope: string; value: PartialSettings }>({
    name: 'settings-shared',
    text: `SELECT scope, value FROM setting WHERE scope = 'all' OR starts_with(scope, '${GROUP}')`,
  })
  return {
    all: rows.find(({ scope }) => scope === 'all')?.value ?? {},
    groups: new Map(
      rows.flatMap(({ scope, value }) => (scope === 'all' ? [] : [[scope.slice(GROUP.length), value]])),
    ),
  }
}

export async function readContract(client: Client): Promise<Contract> {
  const { rows } = await client.query<{ value: Contract }>({
    name: 'settings-contract',
    text: `SELECT value FROM setting WHERE scope = 'contract'`,
  })
  return rows[0]?.value ?? DEFAULT_CONTRACT
}

/** @param group undefined: of all cameras */
export const saveProbeSettings = (
  client: PoolClient,
  group: string | undefined,
  value: PartialSettings,
  actor: string,
) => save(client, scopeOf(group), value, actor)

export const saveContract = (client: PoolClient, value: Contract, actor: string) =>
  save(client, 'contract', value, actor)

/** The audit keeps what was in force before. */
async function save(client: PoolClient, scope: string, value: object, actor: string): Promise<void> {
  await client.query(
    `WITH before AS (SELECT value FROM setting WHERE scope = $1), audited AS (
       INSERT INTO audit (actor, action, subject, detail)
       SELECT $3, 'setting-changed', $1, jsonb_build_object('before', (SELECT value FROM before), 'after', $2::jsonb)
     )
     INSERT INTO setting (scope, value, updated_by) VALUES ($1, $2, $3)
     ON CONFLICT (scope) DO UPDATE SET value = excluded.value, updated_at = now(), updated_by = excluded.updated_by`,
    [scope, JSON.stringify(value), actor],
  )
}
