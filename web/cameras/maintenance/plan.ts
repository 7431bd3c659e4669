import type { Maintenance, MaintenanceEdit } from '#contract/maintenance.ts'
import { instantOf } from '../../i18n/zone.ts'

/** Planned work as a form holds it: times of the city's clock, YYYY-MM-DDTHH:mm. */
export interface Draft {
  title: string
  scope: MaintenanceEdit['scope']
  cameras: number[]
  /** the group, the district's code or the node's id */
  subject: string
  from: string
  to: string
  repeats: boolean
  weekdays: number[]
  /** YYYY-MM-DD; '': for good */
  until: string
}

/** What of it does not fit, the first of it; null: all does. */
export function misfitOf(draft: Draft): 'subject' | 'order' | 'weekdays' | 'until' | null {
  if (!(draft.from !== '' && draft.from < draft.to)) return 'order'
  if (draft.scope === 'camera' ? draft.cameras.length === 0 : draft.subject === '') return 'subject'
  if (!draft.repeats) return null
  if (draft.weekdays.length === 0) return 'weekdays'
  return draft.until !== '' && draft.until < draft.from.slice(0, 10) ? 'until' : null
}

export function editOf(draft: Draft, timeZone: string): MaintenanceEdit {
  return {
    title: draft.title.trim(),
    scope: draft.scope,
    subject: draft.scope === 'camera' ? draft.cameras.join(',') : draft.subject,
    startsAt: instantOf(draft.from, timeZone),
    endsAt: instantOf(draft.to, timeZone),
    weekdays: draft.repeats ? [...draft.weekdays].sort() : null,
    repeatUntil: draft.repeats && draft.until !== '' ? draft.until : null,
  }
}

export const STAGES = ['active', 'next', 'past'] as const
export type Stage = (typeof STAGES)[number]
export function stageOf({ active, cancelledAt, nextAt }: Maintenance): Stage {
  if (cancelledAt !== null) return 'past'
  return active ? 'active' : nextAt === null ? 'past' : 'next'
}
/** What is on or comes: the soonest first; what is over: the newest first. */
export function staged(all: readonly Maintenance[], stage: Stage): Maintenance[] {
  const at = ({ nextAt, startsAt }: Maintenance) => nextAt ?? startsAt
  const sign = stage === 'past' ? -1 : 1
  return all
    .filter((one) => stageOf(one) === stage)
    .sort((a, b) => sign * at(a).localeCompare(at(b)) || a.id - b.id)
}
