import { expectAccessible, readIn, widthOf } from './accessible.ts'
import { expect, test } from './fixture.ts'

/** Of the prices, those of a desk. */
const PRICE_DESK = [
  '/prices/verify',
  '/prices/coverage',
  '/prices/quality',
  '/prices/locks',
  '/prices/sources',
  '/prices/settings',
  '/prices/history?commodity=beras-medium&market=pasar-besar&day=2026-01-05',
]
/** Pages that show only who may change things what they are for. */
const EDITED = ['/admin', '/cameras/import', '/cameras/maintenance?new=1', '/cameras/settings', ...PRICE_DESK]
const PAGES = [
  '/',
  '/prices',
  '/prices/bawang-merah?range=all',
  ...PRICE_DESK,
  '/summary',
  '/feeds?feed=uji-kamera',
  '/cameras',
  '/cameras/import',
  '/cameras/maintenance?new=1',
  '/cameras/reports',
  '/cameras/settings',
  '/wall?scene=map',
  '/wall?scene=prices',
  '/wall?scene=numbers',
  '/admin',
  '/sign-in',
]

for (const path of PAGES)
  test(`${path} is accessible, without errors, in both languages, light and dark`, async ({
    page,
    product,
  }) => {
    const [name = '', value = ''] = product.cookie.split('=')
    if (EDITED.includes(path)) await page.context().addCookies([{ name, value, url: product.url }])
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    for (const [language, theme] of [
      ['id', 'light'],
      ['en', 'dark'],
    ] as const) {
      await readIn(page, language, theme)
      await page.goto(path)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.locator('main')).toBeVisible()
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      await expectAccessible(page)
    }
    expect(errors).toEqual([])
  })

for (const path of PAGES)
  test(`${path} fits a phone, without scrolling sideways`, async ({ page, product }) => {
    const [name = '', value = ''] = product.cookie.split('=')
    if (EDITED.includes(path)) await page.context().addCookies([{ name, value, url: product.url }])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(path)
    await expect(page.locator('main')).toBeVisible()
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
    expect(await widthOf(page)).toBeLessThanOrEqual(390)
  })

test('the summary prints on one A4 page', async ({ page }) => {
  await page.goto('/summary')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})

test("what a server refuses is said in the reader's language", async ({ page }) => {
  await page.route('**/api/summary', (route) =>
    route.fulfill({ status: 503, json: { error: 'unavailable', message: 'The database is away.' } }),
  )
  await page.goto('/summary')
  await expect(page.getByRole('alert')).toContainText('Basis data sedang tidak menjawab')
  await page.unroute('**/api/summary')
  await page.getByRole('button', { name: 'Coba lagi' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(page.getByText('Berfungsi sekarang')).toBeVisible()
})
