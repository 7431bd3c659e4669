import { setTimeout as after } from 'node:timers/promises'
import { startTestCluster, testDatabase } from '../../server/database/testing/index.ts'
import { median, type Bench } from './figures.ts'
import { addProbed, ProbeTargets, ProbeWorker, type Kind } from './probe-cameras.ts'
import { footprint, type Footprint } from './processes.ts'

const CAMERAS = 5_000
const EVERY_MS = 5_000
const USUAL_MINUTES = 30
/** A third fails: by hanging, by flapping, by resetting connections. */
const FAILING: Kind[] = ['hanging', 'flapping', 'resetting']

/** Whether the prober leaks: memory, descriptors and processes over half an hour, or `--minutes N`. */
export const soakCameras: Bench = async (report) => {
  const minutes = minutesAsked(process.argv)
  const cluster = await startTestCluster({ durable: true })
  const targets = await ProbeTargets.start()
  const database = await testDatabase(cluster.adminUrl)
  const kinds = Array.from({ length: CAMERAS }, (_, index): Kind =>
    index % 3 === 0 ? (FAILING[(index / 3) % FAILING.length] as Kind) : index % 2 === 0 ? 'tcp' : 'http',
  )
  await addProbed(database.pool, targets, kinds, 30)
  const worker = await ProbeWorker.start(database.url)
  const samples: Footprint[] = []
  try {
    // A fifth of the time, and two rhythms at least, for the working size to be reached.
    await after(Math.max(90_000, minutes * 12_000))
    await worker.reset()
    const end = performance.now() + minutes * 48_000
    while (performance.now() < end) {
      samples.push(footprint(worker.pid))
      await after(EVERY_MS)
    }
    const { checks, skipped, dropped, running } = await worker.figures()
    const third = Math.ceil(samples.length / 3)
    const compare = (name: string, unit: string, of: (sample: Footprint) => number, goal: number) => {
      const first = median(samples.slice(0, third).map(of))
      const last = median(samples.slice(-third).map(of))
      report({
        figure: `${name} in the last third of ${minutes} minutes, against the first`,
        value: last,
        unit,
        limit: first,
        goal: `at most ${goal} times`,
        ok: last <= Math.max(first * goal, first + 1),
      })
    }
    compare('resident memory', 'MB', ({ memoryMb }) => memoryMb, 1.1)
    compare('descriptors', 'open', ({ descriptors }) => descriptors, 1.1)
    compare('processes', 'children', ({ processes }) => processes, 1)
    report({
      figure: `checks of ${CAMERAS.toLocaleString('en')} cameras, a third of them failing (${running} under way, ${skipped} turns passed over)`,
      value: checks,
      unit: 'checks',
      limit: Math.floor((CAMERAS / 30) * minutes * 48 * 0.99),
      goal: 'none left out',
      ok: dropped === 0 && checks >= (CAMERAS / 30) * minutes * 48 * 0.99,
    })
  } finally {
    await worker.stop()
    targets.stop()
    await database.drop()
    await cluster.stop()
  }
}

/** `--minutes N` or `--minutes=N`. */
export function minutesAsked(words: readonly string[]): number {
  const place = words.findIndex((word) => word === '--minutes' || word.startsWith('--minutes='))
  if (place < 0) return USUAL_MINUTES
  const minutes = Number(words[place]?.split('=')[1] ?? words[place + 1])
  if (!Number.isFinite(minutes) || minutes <= 0)
    throw new Error('--minutes takes a number of minutes: npm run bench -- soak-cameras --minutes 5')
  return minutes
}
