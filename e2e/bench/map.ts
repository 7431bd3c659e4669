import { chromium, type CDPSession, type Page } from '@playwright/test'
import { setTimeout as wait } from 'node:timers/promises'
import { CHROMIUM_FLAGS, findChromium } from '../chromium.ts'
import { quantile, type Bench } from './figures.ts'
import { startBenchProduct, type BenchProduct } from './product.ts'

const CAMERAS = 10_000
const FAILING = 1_000
const CHANGES_PER_SECOND = 500
const PUSHES_PER_SECOND = 5
const PAN_SECONDS = 20
/** the screen of an operator's desk */
const VIEWPORT = { width: 1920, height: 1080 }

/**
 * The map page in Chromium, fed by the real product: pushes over HTTP, committed, batched, over Socket.IO into the page.
 * `--minutes=N` shortens the ten minutes over which the heap is watched.
 */
export const map: Bench = async (report) => {
  const minutes = Number(/--minutes=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 10)
  const product = await startBenchProduct({ cameras: CAMERAS })
  const browser = await chromium.launch({
    executablePath: findChromium({ whole: true }),
    args: CHROMIUM_FLAGS,
  })
  try {
    const changes = new Changes(product)
    await changes.begin()
    const page = await browser.newPage({ viewport: VIEWPORT })
    const received = countStatuses(page)
    await page.goto(product.url)
    await page.waitForFunction(
      (down) => document.querySelector<HTMLElement>('[data-testid=map]')?.dataset.down === String(down),
      FAILING,
    )
    const cdp = await page.context().newCDPSession(page)

    await pan(page, 3)
    const quiet = await pan(page, PAN_SECONDS)
    changes.start()
    await wait(2_000)
    const [from, before] = [performance.now(), received()]
    const busy = await pan(page, PAN_SECONDS)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    const slowed = await pan(page, PAN_SECONDS)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    const arrived = (received() - before) / ((performance.now() - from) / 1_000)

    report({
      figure: `states of ${CAMERAS.toLocaleString('en')} cameras that changed on the page while it was measured`,
      value: arrived,
      unit: 'changes/s',
      limit: CHANGES_PER_SECOND,
      goal: 'at least 0.95',
      ok: arrived / CHANGES_PER_SECOND >= 0.95,
    })
    const frames = (figure: string, values: number[], limit: number | null) =>
      report({
        figure: `${figure}: frame, p95`,
        value: quantile(values, 0.95),
        unit: 'ms',
        limit,
        goal: limit === null ? 'told' : `under ${limit} ms`,
        ok: limit === null || quantile(values, 0.95) < limit,
      })
    frames('panning, nothing changes', quiet, null)
    frames('panning', busy, 20)
    frames('panning, CPU slowed 4 times', slowed, 100)

    const heap = await watchHeap(page, cdp, minutes)
    report({
      figure: `heap after ${minutes} minutes, against minute ${heap.settled}`,
      value: heap.end,
      unit: 'MB',
      limit: heap.start,
      goal: 'under 1.05',
      ok: heap.end / heap.start < 1.05,
    })
    report({
      figure: 'trend of the heap',
      value: heap.slope,
      unit: 'MB/min',
      limit: null,
      goal: 'told',
      ok: true,
    })
    await changes.stop()
  } finally {
    await browser.close()
    await product.stop()
  }
}

/** A window of failing cameras that walks around all of them: as many fail as recover, so the map stays as full. */
class Changes {
  readonly #product: BenchProduct
  #next = FAILING
  #running: Promise<void> = Promise.resolve()
  #on = false

  constructor(product: BenchProduct) {
    this.#product = product
  }
  begin(): Promise<void> {
    return this.#push(Array.from({ length: CAMERAS }, (_, n) => [n, n < FAILING ? 'down' : 'up'] as const))
  }
  start(): void {
    this.#on = true
    this.#running = this.#run()
    // A fault is told by `stop`, not as nobody's.
    this.#running.catch(() => undefined)
  }
  stop(): Promise<void> {
    this.#on = false
    return this.#running
  }

  async #run(): Promise<void> {
    const pairs = CHANGES_PER_SECOND / PUSHES_PER_SECOND / 2
    const start = performance.now()
    for (let pushed = 1; this.#on; pushed += 1) {
      const first = this.#next
      this.#next += pairs
      await this.#push(
        Array.from({ length: pairs }, (_, n) => [
          [(first + n) % CAMERAS, 'down'] as const,
          [(first + n - FAILING) % CAMERAS, 'up'] as const,
        ]).flat(),
      )
      await wait(Math.max(0, start + (pushed * 1_000) / PUSHES_PER_SECOND - performance.now()))
    }
  }
  async #push(states: (readonly [camera: number, state: string])[]): Promise<void> {
    const at = new Date().toISOString()
    const answer = await fetch(`${this.#product.url}/api/ingest/camera-status`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#product.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(states.map(([camera, state]) => ({ cameraId: `bench-${camera}`, state, at }))),
    })
    const { accepted } = (await answer.json()) as { accepted?: number }
    if (accepted !== states.length) throw new Error(`${accepted} of ${states.length} rows were taken`)
  }
}

/** How many statuses the page's socket has brought it in batches. */
function countStatuses(page: Page): () => number {
  let count = 0
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string' && payload.startsWith('42["room:changed",{"room":"cameras"'))
        count += payload.split('"since":').length - 1
    }),
  )
  return () => count
}

/** Drags the map about for so long. Returns the time from each frame to the next, ms. */
async function pan(page: Page, seconds: number): Promise<number[]> {
  const box = await page.getByTestId('map').boundingBox()
  if (box === null) throw new Error('There is no map on the page.')
  await page.evaluate(() => {
    const record = {
      on: true,
      times: [] as number[],
      frame(time: number) {
        record.times.push(time)
        if (record.on) requestAnimationFrame(record.frame)
      },
    }
    Object.assign(window, { record })
    requestAnimationFrame(record.frame)
  })
  const end = performance.now() + seconds * 1_000
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  // Around a square, so that the map is back where it was.
  for (let turn = 0; performance.now() < end || turn % 4 !== 0; turn += 1) {
    const [dx, dy] = ([[-1, 0], [0, -1], [1, 0], [0, 1]] as const)[turn % 4] ?? [0, 0] // prettier-ignore
    await page.mouse.move(x, y)
    await page.mouse.down()
    for (let step = 1; step <= 40; step += 1) await page.mouse.move(x + dx * step * 8, y + dy * step * 8)
    await page.mouse.up()
  }
  const times = await page.evaluate(() => {
    const { record } = window as unknown as { record: { on: boolean; times: number[] } }
    record.on = false
    return record.times
  })
  return times.slice(1).map((time, index) => time - (times[index] ?? time))
}

/** MB in use after garbage collection, while somebody pans and opens a card now and then. */
async function watchHeap(page: Page, cdp: CDPSession, minutes: number) {
  await cdp.send('Performance.enable')
  const samples: { minute: number; mb: number }[] = []
  const start = performance.now()
  const minute = () => (performance.now() - start) / 60_000
  while (minute() < minutes) {
    await pan(page, 1)
    await page.locator('aside li button').first().click()
    await wait(4_000)
    await page.locator('article header button').click()
    await cdp.send('HeapProfiler.collectGarbage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
    samples.push({ minute: minute(), mb: used / 1e6 })
  }
  const settled = Math.min(2, minutes / 2)
  const kept = samples.filter((sample) => sample.minute >= settled)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  // Means of three, as one sample may catch a batch under way.
  const mb = kept.map((sample) => sample.mb)
  const [x, y] = [mean(kept.map((sample) => sample.minute)), mean(mb)]
  const slope =
    kept.reduce((sum, sample) => sum + (sample.minute - x) * (sample.mb - y), 0) /
    kept.reduce((sum, sample) => sum + (sample.minute - x) ** 2, 0)
  return { settled, start: mean(mb.slice(0, 3)), end: mean(mb.slice(-3)), slope }
}
