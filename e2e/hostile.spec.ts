import { CAMERA, expect, test } from './fixture.ts'

const SCRIPT = `<img src=x onerror="window.struck=1"><script>window.struck=1</script>`

test('what a source says is shown as text, wherever it is shown', async ({ page, product }) => {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
  const told: string[] = []
  page.on('console', (message) => told.push(message.text()))
  await page.addInitScript(() =>
    Object.defineProperty(window, 'struck', { set: () => console.log('a source ran its script') }),
  )
  const made = await fetch(`${product.url}/api/feeds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url, cookie: product.cookie },
    body: JSON.stringify({ id: 'uji-jahat', domain: 'prices', title: SCRIPT }),
  })
  expect(made.status).toBe(201)
  await product.push('camera-status', [
    { cameraId: CAMERA, state: 'down', reason: SCRIPT },
    { cameraId: SCRIPT, state: SCRIPT },
  ])

  await page.goto(`/?camera=${CAMERA}`)
  await expect(page.getByText(SCRIPT).first()).toBeVisible()
  await page.goto('/feeds?feed=uji-jahat')
  await expect(page.getByRole('button', { name: SCRIPT })).toBeVisible()
  await page.goto('/feeds?feed=uji-kamera')
  await page.getByText('Isi baris').first().click()
  await expect(page.locator('pre', { hasText: 'window.struck' }).first()).toBeVisible()
  await page.goto('/wall?scene=map')
  await expect(page.getByTestId('wall-scene')).toBeVisible()
  await page.goto('/prices')
  await expect(page.locator('main')).toBeVisible()
  expect(told).not.toContain('a source ran its script')
  await product.push('camera-status', [{ cameraId: CAMERA, state: 'up' }])
})
