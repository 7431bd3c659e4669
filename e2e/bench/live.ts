import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { io } from 'socket.io-client'
import type { Deltas } from '../../server/contract/live.ts'
import { CHROMIUM_FLAGS, findChromium } from '../chromium.ts'
import { median, quantile, type Bench } from './figures.ts'
import { Changes, GIVEN_UP_MS, WATCHED } from './live-changes.ts'
import { startBenchProduct, type BenchProduct } from './product.ts'

const CAMERAS = 1_000
const QUIET_CHANGES = 60
/** longer than a batch, so that each change finds quiet */
const QUIET_MS = 400
const CHANGES_PER_SECOND = 200
const PUSHES_PER_SECOND = 20
const SECONDS = 30
const CLIENTS = 1_000
const BATCHES_PER_SECOND = 4
/** by how much the clocks of page and benchmark may differ, ms */
const CLOCK_TOLERANCE = 2

/** From POST to changed DOM in Chromium, quiet and under load; what a thousand more clients cost; bytes on the wire. */
export const live: Bench = async (report) => {
  const product = await startBenchProduct({ cameras: CAMERAS })
  const browser = await chromium.launch({
    executablePath: findChromium({ whole: true }),
    args: CHROMIUM_FLAGS,
  })
  let clients: ChildProcess | undefined
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 2400 } })
    const changes = new Changes(product, page, CAMERAS)
    await changes.watch()
    await compareClocks(page)

    const quiet: number[] = []
    for (let turn = 0; turn < QUIET_CHANGES; turn += 1) {
      quiet.push(...(await changes.push([turn % WATCHED])))
      await wait(QUIET_MS)
    }
    report({
      figure: 'POST to changed DOM, quiet, median',
      value: median(quiet),
      unit: 'ms',
      limit: 60,
      goal: 'under 60 ms',
      ok: median(quiet) < 60,
    })

    const alone = await load(changes, product)
    clients = fork(fileURLToPath(new URL('live-clients.ts', import.meta.url)), [product.url, String(CLIENTS)])
    await once(clients, 'message')
    const before = await deltasOf(clients)
    const wire = measureWire(product)
    const crowded = await load(changes, product)
    const batches = ((await deltasOf(clients)) - before) / CLIENTS / crowded.seconds
    report({
      figure: `POST to changed DOM at ${CHANGES_PER_SECOND} changes/s beside ${CLIENTS.toLocaleString('en')} clients, p99`,
      value: quantile(crowded.latencies, 0.99),
      unit: 'ms',
      limit: 400,
      goal: 'under 400 ms',
      ok: quantile(crowded.latencies, 0.99) < 400,
    })
    const missing = [...quiet, ...alone.latencies, ...crowded.latencies].filter((ms) => ms >= GIVEN_UP_MS)
    report({
      figure: `changes that the page did not show within ${GIVEN_UP_MS / 1_000} s`,
      value: missing.length,
      unit: 'changes',
      limit: null,
      goal: 'none',
      ok: missing.length === 0,
    })
    report({
      figure: 'POST to changed DOM at that rate, median, against it without the clients',
      value: median(crowded.latencies),
      unit: 'ms',
      limit: median(alone.latencies),
      goal: 'told',
      ok: true,
    })
    const cost = ((crowded.cores - alone.cores) * BATCHES_PER_SECOND) / batches
    report({
      figure: `server's CPU that ${CLIENTS.toLocaleString('en')} clients cost at ${BATCHES_PER_SECOND} batches/s (${batches.toFixed(1)} were sent)`,
      value: cost * 100,
      unit: '% of a core',
      limit: 30,
      goal: 'under 30 %',
      ok: cost < 0.3,
    })
    await compareClocks(page)
    const { bytes, plain } = wire()
    report({
      figure: 'bytes on the wire per change, against its plain JSON',
      value: bytes,
      unit: 'bytes',
      limit: plain,
      goal: 'under 1.25',
      ok: bytes / plain < 1.25,
    })
  } finally {
    clients?.disconnect()
    await browser.close()
    await product.stop()
  }
}

/** Throws where the page's clock lies outside the moments before and after it was asked: no figure would hold. */
async function compareClocks(page: Page): Promise<void> {
  const before = performance.timeOrigin + performance.now()
  const there = await page.evaluate(() => performance.timeOrigin + performance.now())
  const after = performance.timeOrigin + performance.now()
  if (there < before - CLOCK_TOLERANCE || there > after + CLOCK_TOLERANCE)
    throw new Error(
      `The page's clock is ${(there - (before + after) / 2).toFixed(1)} ms ahead of this one's.`,
    )
}

interface Load {
  /** ms from POST to changed DOM, of the watched cameras */
  latencies: number[]
  /** cores that the server kept busy */
  cores: number
  seconds: number
}

/** Pushes changes at a steady rate; one of each push is watched on the page. */
async function load(changes: Changes, product: BenchProduct): Promise<Load> {
  const [began, cpu] = [performance.now(), cpuSeconds(product.pid)]
  const each = CHANGES_PER_SECOND / PUSHES_PER_SECOND
  const pushes: Promise<number[]>[] = []
  for (let turn = 0; turn < SECONDS * PUSHES_PER_SECOND; turn += 1) {
    const others = Array.from(
      { length: each - 1 },
      (_, index) => WATCHED + ((turn * (each - 1) + index) % (CAMERAS - WATCHED)),
    )
    pushes.push(changes.push([turn % WATCHED, ...others]))
    await wait(Math.max(0, began + ((turn + 1) * 1_000) / PUSHES_PER_SECOND - performance.now()))
  }
  const latencies = (await Promise.all(pushes)).flat()
  const seconds = (performance.now() - began) / 1_000
  return { latencies, cores: (cpuSeconds(product.pid) - cpu) / seconds, seconds }
}

/** Counts what one more client gets over its socket, and what its changes alone would take as JSON. */
function measureWire(product: BenchProduct): () => { bytes: number; plain: number } {
  const socket = io(product.url, { transports: ['websocket'], forceNew: true })
  const sum = { bytes: 0, plain: 0, changes: 0 }
  socket.on('connect', () =>
    socket.emit('rooms:subscribe', { protocol: 1, rooms: ['cameras'] }, () => undefined),
  )
  socket.on('room:changed', ({ data: { changed } }: { data: Deltas['cameras'] }) => {
    for (const change of changed) sum.plain += JSON.stringify(change).length
    sum.changes += changed.length
  })
  socket.io.engine.on('data', (data: unknown) => {
    if (typeof data === 'string' && data.includes('"room:changed"')) sum.bytes += data.length
  })
  return () => {
    socket.close()
    return { bytes: sum.bytes / sum.changes, plain: sum.plain / sum.changes }
  }
}

async function deltasOf(clients: ChildProcess): Promise<number> {
  clients.send('deltas?')
  const [answer] = (await once(clients, 'message')) as [{ deltas: number }]
  return answer.deltas
}

/** User and system time that a process has taken so far, s. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
