import type { Maintenance } from '#contract/maintenance.ts'
import type { Incident, OutageDetail } from '#contract/outages.ts'
import type { KnownViewer } from '../../access/viewer.ts'

/** Who works on what is no matter of the public's: guests see outages, incidents and plans without names and notes. */
export function shownTo(viewer: KnownViewer | null) {
  const isGuest = viewer === null || viewer.kind === 'guest'
  return {
    outages: (outages: OutageDetail[]): OutageDetail[] =>
      isGuest ? outages.map((one) => ({ ...one, takenBy: null, takenAt: null, notes: [] })) : outages,
    incidents: (incidents: Incident[]): Incident[] =>
      isGuest ? incidents.map((one) => ({ ...one, takenBy: null })) : incidents,
    plans: (plans: Maintenance[]): Maintenance[] =>
      isGuest ? plans.map((one) => ({ ...one, createdBy: '' })) : plans,
  }
}
