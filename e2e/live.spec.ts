import { ADMIN, CAMERA, expect, test } from './fixture.ts'
import { freePort, ProductServer } from './server.ts'

test('a pushed status changes the list and the map within a second', async ({ page, product }) => {
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'up' }])
  await page.goto('/')
  const row = page.getByTestId(`camera-row-${CAMERA}`)
  await page.getByRole('searchbox').first().fill('Letjen S. Parman Arah Utara')
  await expect(row).toHaveAttribute('data-state', 'up')
  const map = page.getByTestId('map')
  await expect(map).toHaveAttribute('data-down', '0')
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'down', reason: 'uji' }])
  await expect(row).toHaveAttribute('data-state', 'down', { timeout: 1_000 })
  await expect(map).toHaveAttribute('data-down', '1', { timeout: 1_000 })
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'up' }])
  await expect(row).toHaveAttribute('data-state', 'up')
})

test('a pushed price moves the chart', async ({ page, product }) => {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' }).format(new Date())
  const quote = (price: number) => ({ market: 'pasar-besar', commodity: 'bawang-merah', day: today, price })
  await page.goto('/prices/bawang-merah?range=90d')
  const chart = page.getByTestId('chart')
  await expect(chart).toBeVisible()
  await product.push('prices', [quote(41_500)])
  await expect(chart).toHaveAttribute('data-last-price', '41500')
  await product.push('prices', [quote(42_500)])
  await expect(chart).toHaveAttribute('data-last-price', '42500', { timeout: 1_000 })
})

test('the page says when it is not live, and is right again by itself after a restart', async ({
  page,
  product,
}) => {
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'up' }])
  await page.goto('/')
  await page.getByRole('searchbox').first().fill('Letjen S. Parman Arah Utara')
  const row = page.getByTestId(`camera-row-${CAMERA}`)
  await expect(row).toHaveAttribute('data-state', 'up')
  await product.server.end('SIGKILL')
  await expect(page.getByTestId('not-live')).toBeVisible({ timeout: 20_000 })
  await product.server.start()
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'down' }])
  await expect(page.getByTestId('not-live')).toBeHidden({ timeout: 20_000 })
  await expect(row).toHaveAttribute('data-state', 'down')
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'up' }])
  await expect(row).toHaveAttribute('data-state', 'up')
})

test('who has to sign in first is not told that the page is not live, and is live afterwards', async ({
  page,
  product,
}) => {
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: product.databaseUrl,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'no',
    LOG_LEVEL: 'warn',
  })
  await server.start()
  try {
    // Four tries stand further apart than the page waits before it covers what is not live.
    let tries = 0
    const fourth = new Promise<void>((resolve) =>
      page.on('websocket', () => {
        tries += 1
        if (tries === 4) resolve()
      }),
    )
    await page.goto(`${server.url}/sign-in`)
    await fourth
    await expect(page.getByTestId('not-live')).toBeHidden()
    await page.locator('input[autocomplete="username"]').fill(ADMIN.username)
    await page.locator('input[autocomplete="current-password"]').fill(ADMIN.password)
    await page.locator('button[type="submit"]').click()
    await expect(page.locator('[data-connection="live"]')).toBeVisible()
    await expect(page.getByTestId('not-live')).toBeHidden()
  } finally {
    await server.end()
  }
})
