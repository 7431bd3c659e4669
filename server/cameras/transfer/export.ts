import type { StoredCamera } from '../settings/cameras-store.ts'
import { COLUMNS, TARGET_COLUMNS, TARGETS, type ColumnName } from './columns.ts'
import type { Column, Table } from '../../tables/table.ts'

/** Kept sealed: neither leaves. */
const SECRET: ColumnName[] = ['username', 'password']
const EXPORTED = (Object.keys(COLUMNS) as ColumnName[]).filter((column) => !SECRET.includes(column))
const NUMBERS: ColumnName[] = ['latitude', 'longitude', 'interval_seconds']

/** Cameras as a table that can be imported again; importing it unchanged changes nothing. */
export function tableOf(cameras: readonly StoredCamera[], codes: ReadonlyMap<number, string>): Table {
  return {
    columns: EXPORTED.map((column): Column => ({
      header: column,
      kind: NUMBERS.includes(column) ? 'number' : 'text',
      width: column === 'name' || column === 'address' || column in TARGETS ? 30 : 14,
    })),
    rows: cameras.map((camera) => {
      const cells: Partial<Record<ColumnName, string | number | null>> = {
        stream_id: camera.streamId,
        name: camera.name,
        address: camera.address,
        latitude: camera.latitude,
        longitude: camera.longitude,
        owner: camera.owner,
        vendor: camera.vendor,
        group: camera.group,
        parent: camera.parentId === null ? null : (codes.get(camera.parentId) ?? null),
        enabled: camera.enabled ? 'yes' : 'no',
        interval_seconds: camera.settings.intervalSeconds ?? null,
      }
      for (const column of TARGET_COLUMNS) cells[column] = camera.targets[TARGETS[column]] ?? null
      return EXPORTED.map((column) => cells[column] ?? null)
    }),
    notes: [],
  }
}
