import { chance } from './chance.ts'
import { FAULTS, strikeAt } from './faults.ts'
import { failuresAt, type Affliction, type DemoCamera } from './outages.ts'

/** How a stand-in camera behaves on its address. */
export type Behaviour =
  | 'working'
  /** nobody listens */
  | 'refusing'
  /** takes connections and never answers */
  | 'silent'
  /** HTTP 403, 503 */
  | 'forbidding'
  | 'overloaded'
  /** its playlist stays where it was */
  | 'stuck'
  /** its picture is black, or stays what it was */
  | 'black'
  | 'frozen'
export interface Conduct {
  behaviour: Behaviour
  /** since when, ms since 1970 */
  since: number
}

/** What each fault may look like from outside. Power and network leave nobody to answer; the rest has many faces. */
const LOOKS: Record<Affliction['fault'], readonly Behaviour[]> = {
  switch: ['refusing'],
  pole: ['refusing'],
  flicker: ['refusing'],
  dead: ['refusing', 'silent', 'forbidding', 'overloaded', 'stuck'],
  single: ['refusing', 'silent', 'forbidding', 'overloaded', 'stuck'],
  blind: ['black', 'frozen'],
}
export const WORKING: Conduct = { behaviour: 'working', since: 0 }

/** What a fault looks like with this camera: the same one always alike. */
export function conductOf(seed: number, streamId: string, { fault, since }: Affliction): Conduct {
  const looks = LOOKS[fault]
  const which = Math.floor(chance(seed, 'look', streamId, Math.round(since)) * looks.length)
  return { behaviour: looks[which] ?? 'refusing', since }
}

/** How every camera behaves at a moment, by stream id: a pure function of seed, cameras and time. */
export function conductsAt(seed: number, cameras: readonly DemoCamera[], at: Date): Map<string, Conduct> {
  const failed = failuresAt(seed, cameras, at)
  const conductAt = (streamId: string): Conduct => {
    const affliction = failed.get(streamId) ?? blindnessAt(seed, streamId, at)
    return affliction === undefined ? WORKING : conductOf(seed, streamId, affliction)
  }
  return new Map(cameras.map(({ streamId }) => [streamId, conductAt(streamId)]))
}

function blindnessAt(seed: number, streamId: string, at: Date): Affliction | undefined {
  const stretch = strikeAt(seed, FAULTS.blind, streamId, at.getTime())
  return stretch === undefined ? undefined : { fault: 'blind', since: stretch.from }
}
