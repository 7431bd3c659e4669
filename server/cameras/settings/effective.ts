import {
  DEFAULT_SETTINGS,
  type PartialSettings,
  type ProbeSettings,
  type Targets,
} from '#contract/probing.ts'

/** How a camera is probed: what it does not say its group says, then all, then the product. */
export function effectiveSettings(
  all: PartialSettings,
  group: PartialSettings,
  own: PartialSettings,
): ProbeSettings {
  return { ...DEFAULT_SETTINGS, ...all, ...group, ...own }
}

/** What is watched but not probed, or goes with the asking, makes no camera one that can be probed. */
const PROBED = ['ping', 'tcp', 'rtsp', 'http', 'hls', 'snapshot', 'onvif'] as const
export const isProbeable = (targets: Targets): boolean =>
  PROBED.some((target) => targets[target] !== undefined)

const WATCHED = ['hls', 'rtsp', 'whep', 'snapshot'] as const
/** How a camera can be looked at. */
export const watchesOf = (targets: Targets): (typeof WATCHED)[number][] =>
  WATCHED.filter((target) => targets[target] !== undefined)

/** What does not fit together in settings that each fit by themselves; null: all does. */
export function misfitOf({ flapLow, flapHigh }: ProbeSettings): { field: string; expected: string } | null {
  return flapLow > flapHigh ? { field: 'flapLow', expected: `must be at most flapHigh (${flapHigh})` } : null
}
