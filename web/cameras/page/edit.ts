import type { CameraConfig, CameraEdit } from '#contract/camera-list.ts'
import type { PartialSettings, ProbeSettings, Targets } from '#contract/probing.ts'
import type { Layer } from '#contract/camera.ts'

export type TargetKey = keyof Targets
export const TARGET_KEYS: readonly TargetKey[] = [
  'ping',
  'tcp',
  'rtsp',
  'http',
  'hls',
  'snapshot',
  'onvif',
  'whep',
  'referer',
  'cookieFrom',
]
export type NumberKey = Exclude<keyof ProbeSettings, 'layers'>
/** Settings that are numbers: the least, the most, and how fine. */
export const NUMBERS: Record<NumberKey, [min: number, max: number, step: number]> = {
  intervalSeconds: [5, 86_400, 1],
  timeoutMs: [100, 60_000, 1],
  failures: [1, 20, 1],
  recoveries: [1, 20, 1],
  pictureSeconds: [10, 86_400, 1],
  frozenPictures: [0, 1_000, 1],
  slowFactor: [0, 1_000, 0.1],
  clockDriftSeconds: [0, 86_400, 1],
  flapHigh: [0, 1, 0.01],
  flapLow: [0, 1, 0.01],
}
export const NUMBER_KEYS = Object.keys(NUMBERS) as NumberKey[]

/** A camera's settings as a form holds them: '' and null where nothing is set. */
export interface Draft {
  name: string
  address: string
  owner: string
  vendor: string
  group: string
  latitude: number | null
  longitude: number | null
  /** a node's id, '' for none */
  parentId: string
  enabled: boolean
  targets: Record<TargetKey, string>
  numbers: Record<NumberKey, number | null>
  /** null: as its group says */
  layers: Layer[] | null
}

export const draftOf = ({ settings, targets, ...config }: CameraConfig): Draft => ({
  name: config.name,
  address: config.address ?? '',
  owner: config.owner ?? '',
  vendor: config.vendor ?? '',
  group: config.group ?? '',
  latitude: config.latitude,
  longitude: config.longitude,
  parentId: config.parentId === null ? '' : String(config.parentId),
  enabled: config.enabled,
  targets: Object.fromEntries(TARGET_KEYS.map((key) => [key, targets[key] ?? ''])) as Draft['targets'],
  numbers: Object.fromEntries(NUMBER_KEYS.map((key) => [key, settings[key] ?? null])) as Draft['numbers'],
  layers: settings.layers ?? null,
})

/** What is sent: what is empty in the form is not set, so that a camera follows its group in it. */
export function editOfDraft(draft: Draft): CameraEdit {
  const text = (key: 'address' | 'owner' | 'vendor' | 'group') =>
    draft[key].trim() === '' ? null : draft[key].trim()
  const targets: Targets = {}
  for (const key of TARGET_KEYS)
    if (draft.targets[key].trim() !== '') targets[key] = draft.targets[key].trim()
  const settings: PartialSettings = draft.layers === null ? {} : { layers: draft.layers }
  for (const key of NUMBER_KEYS) {
    const value = draft.numbers[key]
    if (value !== null) settings[key] = value
  }
  return {
    name: draft.name.trim(),
    address: text('address'),
    latitude: draft.latitude,
    longitude: draft.longitude,
    owner: text('owner'),
    vendor: text('vendor'),
    group: text('group'),
    parentId: draft.parentId === '' ? null : Number(draft.parentId),
    enabled: draft.enabled,
    targets,
    settings,
  }
}

/** What may be set of a camera, as it is set now. */
export const editOf = (config: CameraConfig): CameraEdit => editOfDraft(draftOf(config))

/** Which field the server did not take, and its words for what it expected; null where it was something else. */
export function faultOf(cause: unknown): { field: string; expected: string } | null {
  if (typeof cause !== 'object' || cause === null || !('details' in cause)) return null
  const { field, expected } = cause.details as Record<string, unknown>
  return typeof field === 'string' && field !== '' && typeof expected === 'string'
    ? { field, expected }
    : null
}
