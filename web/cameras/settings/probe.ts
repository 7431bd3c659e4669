import type { PartialSettings, ProbeSettings } from '#contract/probing.ts'

/** What holds where nothing is set. The page knows the contract by its types only; a test holds both equal. */
export const DEFAULTS: ProbeSettings = {
  intervalSeconds: 30,
  timeoutMs: 5_000,
  failures: 3,
  recoveries: 2,
  layers: ['network', 'protocol', 'stream', 'picture'],
  pictureSeconds: 300,
  frozenPictures: 3,
  slowFactor: 5,
  clockDriftSeconds: 0,
  flapHigh: 0.5,
  flapLow: 0.25,
}

export type NumberKey = Exclude<keyof ProbeSettings, 'layers'>
interface Field {
  key: NumberKey
  /** bounds as they are stored */
  min: number
  max: number
  /** what is typed is so many times what is stored: a share is typed in per cent, ms in seconds */
  times: number
  step: number
  unit: 'seconds' | 'checks' | 'pictures' | 'times' | 'percent'
}
/** In the order in which they are asked, by what they are about. */
export const FIELDS: Record<'rhythm' | 'verdict' | 'picture' | 'quality' | 'flapping', Field[]> = {
  rhythm: [
    { key: 'intervalSeconds', min: 5, max: 86_400, times: 1, step: 1, unit: 'seconds' },
    { key: 'timeoutMs', min: 100, max: 60_000, times: 0.001, step: 0.1, unit: 'seconds' },
  ],
  verdict: [
    { key: 'failures', min: 1, max: 20, times: 1, step: 1, unit: 'checks' },
    { key: 'recoveries', min: 1, max: 20, times: 1, step: 1, unit: 'checks' },
  ],
  picture: [
    { key: 'pictureSeconds', min: 10, max: 86_400, times: 1, step: 1, unit: 'seconds' },
    { key: 'frozenPictures', min: 0, max: 1_000, times: 1, step: 1, unit: 'pictures' },
  ],
  quality: [
    { key: 'slowFactor', min: 0, max: 1_000, times: 1, step: 0.1, unit: 'times' },
    { key: 'clockDriftSeconds', min: 0, max: 86_400, times: 1, step: 1, unit: 'seconds' },
  ],
  flapping: [
    { key: 'flapHigh', min: 0, max: 1, times: 100, step: 1, unit: 'percent' },
    { key: 'flapLow', min: 0, max: 1, times: 100, step: 1, unit: 'percent' },
  ],
}
const ALL = Object.values(FIELDS).flat()

/** Away from what floating point adds. */
const neat = (value: number) => Number(value.toFixed(6))
/** What is typed of a value that is stored. */
export const typed = (key: NumberKey, stored: number): number =>
  neat(stored * (ALL.find((field) => field.key === key)?.times ?? 1))

/** Settings as a form holds them: what is typed, null where it is left as it is above. */
export interface SettingsDraft {
  numbers: Record<NumberKey, number | null>
  layers: ProbeSettings['layers'] | null
}
export function draftOf(own: PartialSettings): SettingsDraft {
  const numbers = Object.fromEntries(
    ALL.map(({ key }) => {
      const stored = own[key]
      return [key, stored === undefined ? null : typed(key, stored)]
    }),
  ) as Record<NumberKey, number | null>
  return { numbers, layers: own.layers === undefined ? null : [...own.layers] }
}
export function settingsOf({ numbers, layers }: SettingsDraft): PartialSettings {
  const set: PartialSettings =
    layers === null ? {} : { layers: DEFAULTS.layers.filter((one) => layers.includes(one)) }
  for (const { key, times } of ALL) {
    const value = numbers[key]
    if (value !== null) set[key] = neat(value / times)
  }
  return set
}
/** What does not fit together; null: all does. */
export function misfitOf(own: PartialSettings, above: ProbeSettings): 'layers' | 'flapping' | null {
  const { layers, flapHigh, flapLow } = { ...above, ...own }
  return layers.length === 0 ? 'layers' : flapLow > flapHigh ? 'flapping' : null
}
