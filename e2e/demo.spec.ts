import { expect, test } from '@playwright/test'
import { startTestCluster, testDatabase } from '../server/database/testing/index.ts'
import { freePort, ProductServer } from './server.ts'

test('the demo: a newcomer sees the city live, marked as demo data, and nothing leaves the machine', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const cluster = await startTestCluster()
  const database = await testDatabase(cluster.adminUrl)
  const server = new ProductServer(await freePort(), { DATABASE_URL: database.url, DEMO_DAY_SECONDS: '4' })
  try {
    await server.start()
    const foreign: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) foreign.push(request.url())
    })

    // The map: all of Malang's points, read by the feed.
    await page.goto(`${server.url}/`)
    const map = page.getByTestId('map')
    await expect.poll(async () => Number(await map.getAttribute('data-up'))).toBeGreaterThan(200)
    await expect(page.getByText('Data demo').first()).toBeVisible()

    // A price moves on the chart as the demo's days pass.
    await page.goto(`${server.url}/prices/beras-premium?range=30d`)
    const chart = page.getByTestId('chart')
    await expect(chart).toHaveAttribute('data-last-day', /^\d{4}/)
    const day = (await chart.getAttribute('data-last-day')) ?? ''
    await expect.poll(() => chart.getAttribute('data-last-day')).not.toBe(day)
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
    expect(foreign).toEqual([])
  } finally {
    await server.end()
    await database.drop()
    await cluster.stop()
  }
})
