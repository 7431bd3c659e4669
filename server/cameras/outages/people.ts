import type { Incident, OutageDetail } from '#contract/cameras.ts'
import type { KnownViewer } from '../../access/viewer.ts'

/** Who works on what is no matter of the public's: guests see outages and incidents without names and notes. */
export function shownTo(viewer: KnownViewer | null) {
  const isGuest = viewer === null || viewer.kind === 'guest'
  return {
    outages: (outages: OutageDetail[]): OutageDetail[] =>
      isGuest ? outages.map((one) => ({ ...one, takenBy: null, takenAt: null, notes: [] })) : outages,
    incidents: (incidents: Incident[]): Incident[] =>
      isGuest ? incidents.map((one) => ({ ...one, takenBy: null })) : incidents,
  }
}
