import { isDeepStrictEqual } from 'node:util'
import type { CameraEdit } from '#contract/camera-list.ts'

export interface Change {
  before: Record<string, unknown>
  after: Record<string, unknown>
}

const NESTED = ['targets', 'settings'] as const
/** What sources say of a camera too, and may not undo once it was set by hand. */
const LISTED = ['name', 'address', 'latitude', 'longitude', 'owner'] as const

/** An edit as flat columns: targets.rtsp, settings.intervalSeconds, and the others by their names. */
export function flatten({ targets, settings, ...plain }: CameraEdit): Record<string, unknown> {
  const flat: Record<string, unknown> = { ...plain }
  const nested = { targets, settings }
  for (const name of NESTED)
    for (const [key, value] of Object.entries(nested[name])) flat[`${name}.${key}`] = value
  return flat
}

/** What differs between two states of a camera, by flat column; what is absent is null. */
export function changesBetween(before: CameraEdit | null, after: CameraEdit): Change {
  const [old, fresh] = [before === null ? {} : flatten(before), flatten(after)]
  const change: Change = { before: {}, after: {} }
  for (const column of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    const [from, to] = [old[column] ?? null, fresh[column] ?? null]
    if (isDeepStrictEqual(from, to)) continue
    change.before[column] = from
    change.after[column] = to
  }
  return change
}

export const isChange = ({ after }: Change): boolean => Object.keys(after).length > 0

/** Columns that were set by hand with this change, a position as a whole. */
export function pinsOf({ after }: Change): string[] {
  const pins = LISTED.filter((column) => column in after)
  return pins.includes('latitude') || pins.includes('longitude')
    ? [...new Set([...pins, 'latitude', 'longitude'])]
    : pins
}
