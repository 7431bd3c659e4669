import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessible, readIn, widthOf } from './accessible.ts'
import { expect, test as base, type Product } from './fixture.ts'
import { callerOf, TODAY, YESTERDAY } from './officers.ts'

/** A day of its own is no business of the other tests. */
const test = base.extend<object, { day: null }>({
  day: [
    async ({ product }, use) => {
      await reportDay(product)
      await use(null)
    },
    { scope: 'worker', auto: true },
  ],
})

const quote = (market: string, commodity: string, price: number, day = TODAY) => ({
  market,
  commodity,
  day,
  price,
})
/** Risen and fallen, below and above each kind of ceiling, without one; two markets report, one of them only yesterday. */
const reportDay = (product: Product) =>
  product.push('prices', [
    quote('pasar-besar', 'minyakita', 15_000, YESTERDAY),
    quote('pasar-besar', 'minyakita', 15_500),
    quote('pasar-besar', 'beras-premium', 15_200, YESTERDAY),
    quote('pasar-besar', 'beras-premium', 15_000),
    quote('pasar-dinoyo', 'beras-premium', 16_900),
    quote('pasar-besar', 'telur-ayam-ras', 33_000),
    quote('pasar-besar', 'bawang-putih', 39_000),
    quote('pasar-besar', 'cabai-merah-besar', 50_000),
    quote('pasar-klojen', 'cabai-merah-besar', 47_000, YESTERDAY),
  ])
const row = (page: Page, commodity: string) => page.getByTestId(`price-row-${commodity}`)
const view = (page: Page, name: string) => page.getByTestId(`view-${name}`)

test('the board begins with what rose, fell, broke a ceiling and is missing, and shows each alone', async ({
  page,
}) => {
  await page.goto('/prices')
  await expect(view(page, 'rose')).toContainText('Minyakita')
  await expect(view(page, 'rose')).toContainText('+3,3%')
  await expect(view(page, 'het')).toContainText('Beras premium')
  await expect(view(page, 'hap')).toContainText('Telur ayam ras')
  await expect(view(page, 'missing')).toContainText('pasar belum melapor sama sekali')

  await expect(row(page, 'minyakita').locator('.ceiling')).toHaveText('HET Rp 15.700/liter')
  await expect(row(page, 'bawang-putih').locator('.ceiling')).toHaveText('HAP Rp 40.000/kg')
  await expect(row(page, 'cabai-merah-besar').locator('.ceiling')).toHaveText('tidak ada')
  await expect(row(page, 'beras-premium').getByRole('img', { name: 'di atas HET' })).toHaveCount(3)
  await expect(row(page, 'telur-ayam-ras').getByRole('img', { name: 'di atas HAP' })).toHaveCount(2)
  await expect(row(page, 'cabai-merah-besar').getByRole('img', { name: 'terbawa' })).toHaveCount(1)
  await expect(row(page, 'cabai-merah-besar').locator('[data-label="Dinoyo"]')).toContainText(
    'belum dilaporkan',
  )

  await view(page, 'hap').click()
  await expect(page).toHaveURL(/view=hap/)
  await expect(page.locator('[data-testid^="price-row-"]')).toHaveCount(1)
  await page.getByRole('button', { name: 'Tampilkan semua' }).click()
  await expect(row(page, 'minyakita')).toBeVisible()
  await page.getByLabel('Cari komoditas').fill('premium')
  await expect(row(page, 'minyakita')).toHaveCount(0)
})

test('a pushed price comes into its cell by itself, and leads to its history', async ({ page, product }) => {
  await page.goto('/prices')
  const cell = row(page, 'gula-kristal-putih').locator('[data-label="Besar"]')
  await expect(row(page, 'gula-kristal-putih')).toBeVisible()
  await product.push('prices', [quote('pasar-besar', 'gula-kristal-putih', 18_100)])
  await expect(cell).toContainText('18.100')
  await cell.getByRole('link').click()
  await expect(page).toHaveURL(/\/prices\/history\?commodity=gula-kristal-putih&market=pasar-besar/)
})

test('the board tells a day as it was known, and how to come back', async ({ page }) => {
  await page.goto(`/prices?day=${TODAY}&known=${YESTERDAY}`)
  await expect(page.getByText('Pada waktu itu belum ada harga yang diketahui')).toBeVisible()
  const note = page.getByText(/^◆ Angka sebagaimana diketahui pada akhir/)
  await expect(note).toBeVisible()
  // It is kept from page to page.
  const menu = page.getByRole('navigation', { name: 'Menu harga' })
  for (const name of ['Peta', 'Peta panas', 'Batas harga', 'Indeks', 'Indikator']) {
    await menu.getByRole('link', { name, exact: true }).click()
    await expect(page).toHaveURL(new RegExp(`known=${YESTERDAY}`))
    await expect(note).toBeVisible()
  }
  await page.goto(`/prices?day=${TODAY}&known=${YESTERDAY}`)
  await page.getByRole('button', { name: 'Sebagaimana diketahui sekarang' }).click()
  await expect(row(page, 'minyakita')).toBeVisible()
  await page.getByRole('button', { name: 'Hari sebelumnya' }).click()
  await expect(row(page, 'minyakita').locator('.city')).toContainText('Rp 15.000')
  await page.getByRole('button', { name: 'Terbaru' }).click()
  await expect(row(page, 'minyakita').locator('.city')).toContainText('Rp 15.500')
})

test('on a phone a commodity is a card that tells its markets when asked', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/prices')
  const cell = row(page, 'beras-premium').locator('[data-label="Dinoyo"]')
  await expect(cell).toBeHidden()
  await row(page, 'beras-premium').getByRole('button', { name: 'Harga di 2 pasar' }).click()
  await expect(cell).toContainText('16.900')
})

test('the map tells a price by colour, shape and number, and the table says the same', async ({ page }) => {
  await page.goto('/prices/map')
  const label = page.getByRole('button', { name: /^Pasar Dinoyo: Rp 16\.900\/kg, \+6,0% dari median kota$/ })
  await expect(label.locator('span')).toHaveCSS('background-color', 'rgb(246, 194, 139)')
  await expect(
    page.getByRole('button', { name: 'Pasar Sukun: belum dilaporkan' }).locator('span'),
  ).toBeVisible()
  await label.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('place-pasar-dinoyo')).toHaveClass(/chosen/)
  await expect(page.getByTestId('place-pasar-dinoyo')).toContainText('diukur')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Unduh CSV' }).click()
  const file = await downloading
  expect(file.suggestedFilename()).toBe(`harga-map-beras-premium-${TODAY}.csv`)
  expect(await readFile(await file.path(), 'utf8')).toContain('Pasar Dinoyo;pasar-dinoyo;')
  await page.getByLabel('Komoditas').selectOption('cabai-merah-besar')
  await expect(page.getByTestId('place-pasar-klojen').getByRole('img', { name: 'terbawa' })).toBeVisible()
  await expect(page.locator('.price-label .carried')).toHaveCount(1)
})

test('the heat map is read by the arrow keys, and as a table', async ({ page }) => {
  await page.goto('/prices/heat?days=30')
  const grid = page.getByRole('application')
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await expect(page.locator('.said')).toContainText('Beras premium')
  await expect(page.locator('.said')).toContainText('Rp 15.950')
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('.said')).toContainText('Rp 15.200')
  await page.getByRole('button', { name: 'Tampilkan tabel' }).click()
  await expect(page.getByRole('row', { name: /^Beras premium/ })).toContainText('Rp 15.950')
})

test('a market tells its prices, what is missing, and that nobody reports', async ({ page }) => {
  await page.goto('/prices/market/pasar-besar')
  await expect(page.getByRole('row', { name: /^Minyakita/ })).toContainText('Rp 15.500/liter')
  await expect(page.getByRole('heading', { name: /^Belum dilaporkan/ })).toBeVisible()
  await page.goto('/prices/market/pasar-mana')
  await expect(page.getByRole('alert')).toContainText('pasar-mana')
})

test('the bulletin is two A4 pages at most', async ({ page }) => {
  await page.goto('/prices/bulletin')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect((pdf.match(/\/Type\s*\/Page\b/g) ?? []).length).toBeLessThanOrEqual(2)
  expect(pdf).toMatch(/\/MediaBox \[0 0 59[456][.\d]* 84[12][.\d]*\]/)
})

const PAGES = ['map', 'heat', 'ceilings', 'market/pasar-besar', 'bulletin'].map((name) => `/prices/${name}`)
for (const path of ['/prices', ...PAGES, '/public', '/tv'])
  test(`${path} is accessible in both languages, light and dark`, async ({ page, product }) => {
    await open(product, true)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    for (const [language, theme, width] of [
      ['id', 'light', 390],
      ['en', 'dark', 1_280],
    ] as const) {
      await page.setViewportSize({ width, height: 844 })
      await readIn(page, language, theme)
      await page.goto(path)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      await expect(page.getByRole('alert')).toHaveCount(0)
      await expectAccessible(page)
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
    }
    expect(errors).toEqual([])
  })

/** Switches the pages without sign-in on or off, and waits until that is so. */
async function open(product: Product, on: boolean): Promise<void> {
  const admin = callerOf(product, product.cookie)
  const settings = await admin<object>('GET', '/api/settings/prices')
  await admin('PUT', '/api/settings/prices', { ...settings, publicPage: on, tvPage: on })
  for (const screen of ['public', 'tv'])
    await expect
      .poll(async () => (await fetch(`${product.url}/api/public/prices?screen=${screen}`)).status, {
        timeout: 30_000,
      })
      .toBe(on ? 200 : 404)
}

test('a screen in a market turns its pages, says when it is cut off, and goes dark when it is closed', async ({
  page,
  product,
}) => {
  await open(product, true)
  const goods = ['garam-halus', 'tepung-terigu', 'kentang', 'tomat', 'wortel', 'ikan-bandeng', 'bawang-merah']
  await product.push(
    'prices',
    goods.map((one) => quote('pasar-merjosari', one, 20_000)),
  )
  await product.push('prices', [
    quote('pasar-merjosari', 'beras-medium', 13_000),
    quote('pasar-merjosari', 'minyakita', 16_000),
  ])
  await page.clock.install()
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto('/tv?market=pasar-merjosari')
  await expect(page.getByRole('heading', { name: 'Pasar Merjosari' })).toBeVisible()
  await expect(page.getByText('1 dari 2')).toBeVisible()
  const first = await page.locator('tbody th').allTextContents()
  await page.clock.runFor(12_000)
  await expect(page.getByText('2 dari 2')).toBeVisible()
  expect(await page.locator('tbody th').allTextContents()).not.toContain(first[0])

  let cut = true
  // A browser that is routed keeps no answers for the minute that they may be kept.
  await page.route('**/api/public/prices*', (route) => (cut ? route.abort() : route.continue()))
  await page.clock.runFor(60_000)
  await expect(page.getByText(/^Tidak tersambung sejak/)).toBeVisible()
  await expect(page.locator('tbody tr').first()).toBeVisible()
  cut = false
  await open(product, false)
  // At once, not second by second: the answer would come too late by the page's clock.
  await page.clock.fastForward(60_000)
  await expect(page.getByText('Halaman ini tidak dibuka untuk umum.')).toBeVisible()
  await expect(page.locator('tbody tr')).toHaveCount(0)
})
