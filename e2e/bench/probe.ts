import { setTimeout as after } from 'node:timers/promises'
import { chromium } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from '../chromium.ts'
import { startTestCluster, testDatabase, type TestDatabase } from '../../server/database/testing/index.ts'
import { freePort, ProductServer } from '../server.ts'
import { Blackbox } from './blackbox.ts'
import { median, type Bench } from './figures.ts'
import { addProbed, ProbeTargets, ProbeWorker, type Kind } from './probe-cameras.ts'
import { cpuMs, databaseCpu, spent } from './processes.ts'

const CAMERAS = 5_000
/**
 * So often, s, each of the cameras is checked while costs are compared: about two thirds of a core, so that neither waking up
 * nor queueing is what is measured. The exporter is asked by as many at once as keep it busy.
 */
const COMPARED_EVERY = { tcp: 1, http: 2 }
const COMPARED_SECONDS = 20
const COMPARED_CHECKS = 20_000
const HELD_SECONDS = 90
const DEATHS = 12
type Report = Parameters<Bench>[0]

/** What checks cost, verdicts and storing included, and how soon a dead camera is seen. */
export const probe: Bench = async (report) => {
  const cluster = await startTestCluster({ durable: true })
  const targets = await ProbeTargets.start()
  const withDatabase = async (work: (database: TestDatabase) => Promise<void>) => {
    const database = await testDatabase(cluster.adminUrl)
    await work(database).finally(() => database.drop())
  }
  try {
    for (const kind of ['tcp', 'http'] as const)
      await withDatabase((database) => compare(kind, database, targets, report))
    await withDatabase((database) => hold(database, targets, report))
    await withDatabase((database) => die(database, targets, report))
  } finally {
    targets.stop()
    await cluster.stop()
  }
}

/** CPU of worker and database from now on, ms. */
async function metered(
  worker: ProbeWorker,
  database: TestDatabase,
): Promise<() => Promise<{ worker: number; database: number }>> {
  const [own, theirs] = [cpuMs(worker.pid), await databaseCpu(database.pool)]
  return async () => ({
    worker: cpuMs(worker.pid) - own,
    database: spent(theirs, await databaseCpu(database.pool)),
  })
}

async function compare(
  kind: 'tcp' | 'http',
  database: TestDatabase,
  targets: ProbeTargets,
  report: Report,
): Promise<void> {
  const exporter = await Blackbox.start()
  await addProbed(database.pool, targets, Array<Kind>(CAMERAS).fill(kind), COMPARED_EVERY[kind])
  const worker = await ProbeWorker.start(database.url)
  try {
    await after(7_000) // every camera was checked, and its verdict is there
    await worker.reset()
    const meter = await metered(worker, database)
    await after(COMPARED_SECONDS * 1_000)
    const cost = await meter()
    const { checks } = await worker.figures()
    const own = (cost.worker + cost.database) / checks
    const addresses = Array.from({ length: COMPARED_CHECKS }, (_, index) => targets.addressOf(kind, index))
    const theirs = await exporter.costOf(
      kind,
      kind === 'http' ? addresses.map((address) => `http://${address}/`) : addresses,
    )
    report({
      figure: `${kind} checks per second of a core (${micro(cost.worker / checks)} µs here, ${micro(cost.database / checks)} µs in the database), against blackbox_exporter (${micro(theirs)} µs)`,
      value: 1_000 / own,
      unit: 'checks/s',
      limit: 1_000 / theirs,
      goal: 'at least 2 times',
      ok: theirs / own >= 2,
    })
  } finally {
    exporter.stop()
    await worker.stop()
  }
}

const micro = (ms: number) => Math.round(ms * 1_000)

async function hold(database: TestDatabase, targets: ProbeTargets, report: Report): Promise<void> {
  const kinds = Array.from({ length: CAMERAS }, (_, index): Kind =>
    index % 20 === 0 ? 'hanging' : index % 2 === 0 ? 'tcp' : 'http',
  )
  await addProbed(database.pool, targets, kinds, 30)
  const worker = await ProbeWorker.start(database.url)
  try {
    await after(75_000) // what hangs is known to be down
    await worker.reset()
    const meter = await metered(worker, database)
    await after(HELD_SECONDS * 1_000)
    const cost = await meter()
    const { checks, lateP99, dropped } = await worker.figures()
    const { rows } = await database.pool.query<{ down: number }>(
      `SELECT count(*)::int AS down FROM camera_current WHERE state = 'down'`,
    )
    const core = (cost.worker + cost.database) / (HELD_SECONDS * 1_000)
    const whole = checks >= (CAMERAS / 30) * (HELD_SECONDS - 1) && dropped === 0
    report({
      figure: `a core's share for 5,000 cameras every 30 s, ${rows[0]?.down} of them hanging (prober ${percent(cost.worker)}, database ${percent(cost.database)}; ${checks} checks)`,
      value: 100 * core,
      unit: '%',
      limit: 25,
      goal: 'under 25 %',
      ok: core < 0.25 && whole,
    })
    report({
      figure: 'a check begins late by, p99',
      value: lateP99,
      unit: 'ms',
      limit: 50,
      goal: 'under 50 ms',
      ok: lateP99 < 50,
    })
  } finally {
    await worker.stop()
  }
}

const percent = (ms: number) => `${((100 * ms) / (HELD_SECONDS * 1_000)).toFixed(1)} %`

/** From a camera's death to its mark on the page, at the usual rhythm among thousands that work. */
async function die(database: TestDatabase, targets: ProbeTargets, report: Report): Promise<void> {
  const kinds = Array.from({ length: CAMERAS }, (_, index): Kind => (index < DEATHS ? 'mortal' : 'tcp'))
  const ids = await addProbed(database.pool, targets, kinds, 30)
  await database.pool.query(`UPDATE camera SET name = 'Mortal ' || stream_id WHERE id = ANY($1::int[])`, [
    ids.slice(0, DEATHS),
  ])
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: database.url,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'yes',
    PROBE_NETWORKS: '127.0.0.0/8',
  })
  await server.start()
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 2400 } })
    const seen = new Map<string, (at: number) => void>()
    await page.exposeFunction('died', (camera: string, at: number) => seen.get(camera)?.(at))
    await page.goto(`${server.url}/?q=Mortal`)
    const rows = page.locator('[data-testid^="camera-row-"]')
    await rows
      .and(page.locator('[data-state="up"]'))
      .nth(DEATHS - 1)
      .waitFor({ timeout: 60_000 })
    await page.evaluate(() => {
      const { died } = window as unknown as { died: (camera: string, at: number) => void }
      new MutationObserver((records) => {
        const at = performance.timeOrigin + performance.now()
        for (const { target } of records)
          if (target instanceof HTMLElement && target.dataset.state === 'down')
            died(target.dataset.testid?.replace('camera-row-', '') ?? '', at)
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-state'] })
    })
    const times: Promise<number>[] = []
    for (let index = 0; index < DEATHS; index += 1) {
      const shown = new Promise<number>((resolve) => seen.set(`probe-${index + 1}`, resolve))
      const died = await targets.kill(index)
      times.push(shown.then((at) => at - died))
      await after(2_500) // at whatever moment of the rhythm
    }
    const seconds = (await Promise.all(times)).map((ms) => ms / 1_000)
    report({
      figure: `from a camera's death to the page, checked every 30 s and confirmed twice: median ${median(seconds).toFixed(0)} s, the longest of ${DEATHS}`,
      value: Math.max(...seconds),
      unit: 's',
      limit: 60,
      goal: 'within a minute',
      ok: Math.max(...seconds) < 60,
    })
  } finally {
    await browser.close()
    await server.end()
  }
}
