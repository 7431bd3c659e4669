import type { Page } from '@playwright/test'
import type { BenchProduct } from './product.ts'

/** the first cameras: the page shows their rows; the others change too */
export const WATCHED = 20
/** A change that the page did not show until then counts as having taken so long, ms. */
export const GIVEN_UP_MS = 5_000

/** Toggles cameras through the push API and notes when the page's rows show it. */
export class Changes {
  readonly #product: BenchProduct
  readonly #page: Page
  readonly #cameras: number
  readonly #down = new Set<number>()
  readonly #seen = new Map<string, (at: number) => void>()
  #turn = 0

  constructor(product: BenchProduct, page: Page, cameras: number) {
    this.#product = product
    this.#page = page
    this.#cameras = cameras
  }

  /** Opens the page with the watched cameras in its list; their rows tell every change with the wall clock's time. */
  async watch(): Promise<void> {
    await this.#product.pool.query(
      `UPDATE camera SET name = 'Watched ' || stream_id WHERE id = ANY($1::int[])`,
      [this.#product.cameraIds.slice(0, WATCHED)],
    )
    await this.#send(Array.from({ length: this.#cameras }, (_, camera) => camera))
    await this.#page.exposeFunction('told', (camera: string, state: string, at: number) =>
      this.#seen.get(`${camera} ${state}`)?.(at),
    )
    await this.#page.goto(`${this.#product.url}/?q=Watched`)
    await this.#page.waitForFunction(
      (count) => document.querySelectorAll('[data-testid^="camera-row-"]').length === count,
      WATCHED,
    )
    await this.#page.evaluate(() => {
      const told = (window as unknown as { told: (camera: string, state: string, at: number) => void }).told
      new MutationObserver((records) => {
        const at = performance.timeOrigin + performance.now()
        for (const { target } of records)
          if (target instanceof HTMLElement && target.dataset.testid !== undefined)
            told(target.dataset.testid.replace('camera-row-', ''), target.dataset.state ?? '', at)
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-state'] })
    })
  }

  /** Toggles the cameras in one request; resolves with the ms until the page showed each watched one. */
  async push(cameras: readonly number[]): Promise<number[]> {
    const sent = performance.timeOrigin + performance.now()
    const shown = cameras
      .filter((camera) => camera < WATCHED)
      .map((camera) => this.#showing(`bench-${camera} ${this.#down.has(camera) ? 'up' : 'down'}`, sent))
    await this.#send(cameras)
    return Promise.all(shown)
  }

  #showing(change: string, sent: number): Promise<number> {
    return new Promise((resolve) => {
      const givenUp = setTimeout(() => resolve(GIVEN_UP_MS), GIVEN_UP_MS)
      this.#seen.set(change, (at) => {
        clearTimeout(givenUp)
        resolve(at - sent)
      })
    })
  }

  async #send(cameras: readonly number[]): Promise<void> {
    this.#turn += 1
    const at = new Date(this.#product.start + this.#turn * 1_000).toISOString()
    const rows = cameras.map((camera) => {
      const down = !this.#down.delete(camera)
      if (down) this.#down.add(camera)
      return { cameraId: `bench-${camera}`, state: down ? 'down' : 'up', at }
    })
    const answer = await fetch(`${this.#product.url}/api/ingest/camera-status`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#product.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    })
    const { accepted } = (await answer.json()) as { accepted: number }
    if (accepted !== rows.length) throw new Error(`${accepted} of ${rows.length} changes were taken`)
  }
}
