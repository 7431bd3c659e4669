import { expect, test, type Page } from '@playwright/test'
import type { Camera } from '#contract/camera.ts'
import { loadPack, siteOf } from '../server/cities/index.ts'
import { conductsAt } from '../server/demo/conduct.ts'
import { SEGMENT_SECONDS, SEGMENTS } from '../server/demo/playlist.ts'
import { portalCameras } from '../server/demo/portal-cameras.ts'
import { startTestCluster, testDatabase } from '../server/database/testing/index.ts'
import { freePort, ProductServer } from './server.ts'

const DEMO_SEED = 1

test('the demo: a newcomer sees the city live, marked as demo data, and nothing leaves the machine', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const cluster = await startTestCluster()
  const database = await testDatabase(cluster.adminUrl)
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: database.url,
    // Its two weeks have to last until the chart is looked at, on a slow machine too.
    DEMO_DAY_SECONDS: '12',
    DEMO_SEED: String(DEMO_SEED),
  })
  try {
    await server.start()
    const foreign: string[] = []
    page.context().on('request', (request) => {
      if (!request.url().startsWith(server.url)) foreign.push(request.url())
    })

    // The map: all of Malang's points. The portal tells of some of them, the product's own checks of the others.
    await page.goto(`${server.url}/`)
    const map = page.getByTestId('map')
    await expect
      .poll(async () => Number(await map.getAttribute('data-up')), { timeout: 60_000 })
      .toBeGreaterThan(200)
    await expect(page.getByText('Data demo').first()).toBeVisible()
    const cameras = await camerasOf(page)
    const judged = cameras.filter((camera) => camera.judged)
    expect(judged.length).toBeGreaterThan(150)
    expect(cameras.length - judged.length).toBeGreaterThan(25)

    // The live picture of a camera that works for the next minutes plays, and goes on where the recording begins anew.
    const steady = await steadyCameras(Date.now(), 180)
    const working = judged.find(({ streamId, status }) => status.state === 'up' && steady.has(streamId))
    const watching = await page.context().newPage()
    await watching.goto(`${server.url}/cameras/${working?.id}`)
    await expect(watching.getByText('Kata portal')).toBeVisible()
    await watching.getByRole('button', { name: 'Lihat langsung' }).click()
    await expect(watching.getByTestId('player')).toHaveAttribute('data-state', 'playing')
    const begun = await shownSeconds(watching)

    // A price moves on the chart as the demo's days pass.
    await page.goto(`${server.url}/prices/beras-premium?range=30d`)
    const chart = page.getByTestId('chart')
    await expect(chart).toHaveAttribute('data-last-day', /^\d{4}/)
    const day = (await chart.getAttribute('data-last-day')) ?? ''
    await expect.poll(() => chart.getAttribute('data-last-day'), { timeout: 60_000 }).not.toBe(day)
    await expect(page.getByText('Data demo').first()).toBeVisible()

    // Leadership's page has two months to compare with.
    await page.goto(`${server.url}/summary`)
    const figures = page.locator('a.figure')
    await expect(figures.first().locator('strong')).toHaveText(/^\d+$/)
    await expect(page.getByText(/^periode sebelumnya/).first()).toBeVisible()

    // The wall turns through its scenes.
    for (const scene of ['map', 'prices', 'numbers']) {
      await page.goto(`${server.url}/wall?scene=${scene}`)
      await expect(page.getByTestId('wall-scene')).toHaveAttribute('data-scene', scene)
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
    }
    await page.goto(`${server.url}/feeds`)
    await expect(page.getByTestId('feed-row-demo-malang-cameras')).toHaveAttribute('data-state', 'ok')
    await expect(page.getByTestId('feed-row-demo-siskaperbapo')).toHaveAttribute(
      'data-state',
      /ok|stale|failing/,
    )
    await expect
      .poll(() => shownSeconds(watching), { timeout: 90_000 })
      .toBeGreaterThan(begun + SEGMENTS * SEGMENT_SECONDS + SEGMENT_SECONDS)

    // What the probe found is named by its layer, while the portal goes on saying that all is well.
    const failing = async () =>
      (await camerasOf(page)).find((camera) => camera.judged && camera.status.state === 'down')?.status
    await expect
      .poll(failing, { timeout: 90_000 })
      .toMatchObject({ demo: true, layer: expect.any(String), fault: expect.any(String) })
    expect(foreign).toEqual([])
  } finally {
    await server.end()
    await database.drop()
    await cluster.stop()
  }
})

/** Cameras with which nothing is wrong from a moment on for so many seconds, as the demo's schedule has it. */
async function steadyCameras(from: number, seconds: number): Promise<Set<string>> {
  const pack = await loadPack('malang')
  const cameras = portalCameras(pack, siteOf(pack.cameras))
  const moments = Array.from({ length: seconds / 5 }, (_, index) =>
    conductsAt(DEMO_SEED, cameras, new Date(from + index * 5_000)),
  )
  const works = (streamId: string) => moments.every((at) => at.get(streamId)?.behaviour === 'working')
  return new Set(cameras.map(({ streamId }) => streamId).filter(works))
}

/** All cameras as the page is given them. */
const camerasOf = async (page: Page): Promise<Camera[]> =>
  ((await (await page.request.get(new URL('/api/cameras', page.url()).href)).json()) as { cameras: Camera[] })
    .cameras

/** How far its video has come, s. */
const shownSeconds = (page: Page) =>
  page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
