/** The prober alone, as a process of its own: what it costs with verdicts and storing. Speaks over its IPC channel. */
import { pino } from 'pino'
import { loadPack } from '../../server/cities/index.ts'
import { startProber } from '../../server/cameras/probe/index.ts'
import { readConfig } from '../../server/config.ts'
import { createPool } from '../../server/database/pool.ts'
import { Bus } from '../../server/live/bus.ts'
import { quantile } from './figures.ts'

export interface WorkerFigures {
  checks: number
  subjects: number
  running: number
  skipped: number
  dropped: number
  lateP99: number
}

const url = process.env.DATABASE_URL ?? ''
const running = await startProber({
  config: readConfig({ DATABASE_URL: url, DEMO: 'off', PROBE_NETWORKS: '127.0.0.0/8' }),
  pool: createPool(url, { max: 6, applicationName: 'bench prober' }),
  clock: () => new Date(),
  pack: await loadPack('malang'),
  bus: new Bus(),
  log: pino({ level: 'warn' }),
})
process.on('message', (message) => {
  if (message === 'reset') {
    running.prober.resetFigures()
    process.send?.('reset')
  } else if (message === 'figures') {
    const { lateness, checks, subjects, running: busy, skipped, dropped } = running.prober.figures()
    const figures: WorkerFigures = {
      checks,
      subjects,
      running: busy,
      skipped,
      dropped,
      lateP99: quantile(lateness, 0.99),
    }
    process.send?.(figures)
  } else void running.stop().then(() => process.exit(0))
})
process.send?.('ready')
