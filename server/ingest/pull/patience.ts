import cron from 'node-cron'

/** A week of a feed that is read on working days, with a run to spare. */
const RUNS = 12
const LEAST_MS = 60_000
const MOST_MS = 2 * 3_600_000

/**
 * Seconds that a feed with this schedule may well be silent: its longest pause, and time for two more runs (a minute at
 * least, two hours at most). Read every 30 s: 90 s; once a day: 26 hours; on working days: a weekend and two hours.
 */
export function patienceSeconds(schedule: string): number {
  const task = cron.createTask(schedule, () => undefined)
  const runs = task.getNextRuns(RUNS).map((run) => run.getTime())
  void task.destroy()
  const pause = Math.max(0, ...runs.slice(1).map((run, index) => run - (runs[index] ?? run)))
  return Math.ceil((pause + Math.min(Math.max(2 * pause, LEAST_MS), MOST_MS)) / 1000)
}
