import { chromium, type Page } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from '../chromium.ts'
import { freePort, ProductServer } from '../server.ts'
import type { PriceData } from './price-data.ts'

/** the screen of an official's desk */
const VIEWPORT = { width: 1440, height: 900 }
const STEPS = 120

/**
 * The commodity page of the real product with ten years of prices, zoomed in and out step by step as a touchpad does.
 * Returns what each frame cost the page's thread from the event to after it was painted, ms.
 */
export async function zoomFrames({ databaseUrl, pool, pack }: PriceData): Promise<number[]> {
  // The city's own history would only be loaded beside it.
  await pool.query(`INSERT INTO job_progress VALUES ('pack:malang:1', now()) ON CONFLICT DO NOTHING`)
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: databaseUrl,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'yes',
  })
  await server.start()
  const browser = await chromium.launch({
    executablePath: findChromium({ whole: true }),
    args: CHROMIUM_FLAGS,
  })
  try {
    const page = await browser.newPage({ viewport: VIEWPORT })
    const code = pack.commodities[0]?.code ?? ''
    await page.goto(`${server.url}/prices/${code}?range=all`)
    await page.locator('[data-testid=chart][data-last-day]').waitFor()
    await zoom(page, 20)
    return await zoom(page, STEPS)
  } finally {
    await browser.close()
    await server.end()
  }
}

function zoom(page: Page, steps: number): Promise<number[]> {
  return page.evaluate(async (count) => {
    const canvas = document.querySelector('[data-testid=chart] canvas')
    if (canvas === null) throw new Error('There is no chart on the page.')
    const { left, top, width, height } = canvas.getBoundingClientRect()
    const painted = new MessageChannel()
    const costs: number[] = []
    for (let step = 0; step < count; step += 1) {
      const begun = await new Promise<number>((resolve) =>
        requestAnimationFrame(() => {
          const start = performance.now()
          canvas.dispatchEvent(
            new WheelEvent('wheel', {
              bubbles: true,
              cancelable: true,
              ctrlKey: true,
              clientX: left + width * 0.6,
              clientY: top + height / 2,
              // In for a third of the way, out for as long.
              deltaY: Math.floor(step / 20) % 2 === 0 ? -100 : 100,
            }),
          )
          // Comes after this frame was laid out and painted.
          painted.port1.onmessage = () => resolve(start)
          painted.port2.postMessage(null)
        }),
      )
      costs.push(performance.now() - begun)
    }
    return costs
  }, steps)
}
