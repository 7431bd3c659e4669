import type { FlagReport } from '#contract/quality.ts'
import type { Verification } from '#contract/survey.ts'

/** @param month YYYY-MM */
export function lastDayOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}

export interface Unfinished {
  /** of which nobody has said what they are */
  findings: number
  /** that wait for a verifier */
  entries: number
  /** verified, and not published yet */
  unpublished: number
}
/**
 * What is left to do in a month.
 * @param report of the month's days
 * @param waiting of all days
 */
export function unfinishedIn(
  month: string,
  report: Pick<FlagReport, 'checks'>,
  waiting: Pick<Verification, 'items' | 'toPublish'>,
): Unfinished {
  const within = ({ day }: { day: string }) => day.startsWith(`${month}-`)
  return {
    findings: report.checks.reduce((sum, { open }) => sum + open, 0),
    entries: waiting.items.filter(within).length,
    unpublished: waiting.toPublish.filter(within).reduce((sum, { entries }) => sum + entries, 0),
  }
}
