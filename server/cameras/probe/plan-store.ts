import type { Pool, PoolClient } from 'pg'
import type { PartialSettings, ProbeSettings, Targets } from '#contract/probing.ts'
import { effectiveSettings } from '../settings/effective.ts'

/** What can be probed of a camera or a node, and how. */
export interface Planned {
  /** c12 is a camera, n3 a node */
  key: string
  id: number
  kind: 'camera' | 'node'
  targets: Targets
  secret: Buffer | null
  settings: ProbeSettings
  site: string
  /** the node it hangs on */
  parentId: number | null
}
interface PlanRow {
  id: number
  targets: Targets
  secret: Buffer | null
  own: PartialSettings
  group_settings: PartialSettings | null
  site: string | null
  parent_id: number | null
}

/** Everything that is to be probed. Settings of the group go before those for all, the camera's own before both. */
export async function readPlan(pool: Pool): Promise<Planned[]> {
  const [common, cameras, nodes] = await Promise.all([
    readCommon(pool),
    pool.query<PlanRow>(
      `SELECT m.id, m.targets, m.secret, m.settings AS own, g.value AS group_settings, m.site, m.parent_id
       FROM camera m JOIN camera_current c ON c.camera_id = m.id
         LEFT JOIN setting g ON g.scope = 'group:' || m.camera_group
       WHERE c.judged ORDER BY m.id`,
    ),
    pool.query<{ id: number; targets: Targets; parent_id: number | null }>(
      `SELECT id, targets, parent_id FROM node WHERE targets <> '{}' ORDER BY id`,
    ),
  ])
  return [
    ...cameras.rows.map((row): Planned => ({
      key: `c${row.id}`,
      id: row.id,
      kind: 'camera',
      targets: row.targets,
      secret: row.secret,
      settings: effectiveSettings(common, row.group_settings ?? {}, row.own),
      site: row.site ?? `c${row.id}`,
      parentId: row.parent_id,
    })),
    ...nodes.rows.map((row): Planned => ({
      key: `n${row.id}`,
      id: row.id,
      kind: 'node',
      targets: row.targets,
      secret: null,
      settings: { ...effectiveSettings(common, {}, {}), layers: ['network', 'protocol'] },
      site: `n${row.id}`,
      parentId: row.parent_id,
    })),
  ]
}

async function readCommon(client: Pool | PoolClient): Promise<PartialSettings> {
  const { rows } = await client.query<{ value: PartialSettings }>(
    `SELECT value FROM setting WHERE scope = 'all'`,
  )
  return rows[0]?.value ?? {}
}

/** The settings that hold for all. */
export const readCommonSettings = async (client: Pool | PoolClient): Promise<ProbeSettings> =>
  effectiveSettings(await readCommon(client), {}, {})
