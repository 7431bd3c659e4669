import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { PriceBoard } from '../server/contract/price-board.ts'
import type { FlagReport } from '../server/contract/quality.ts'
import { expectAccessible } from './accessible.ts'
import { apart, expect, type Product } from './fixture.ts'
import { callerOf, Officer, reportYesterday, TODAY, YESTERDAY } from './officers.ts'

/** Surveys of these tests meet nobody else's. */
const test = apart()
const CHILI = 'cabai-rawit-merah'
const RICE = 'beras-medium'

/** The administrator at a desk. */
async function desk(page: Page, product: Product): Promise<void> {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
}
async function submit(
  officer: Officer,
  market: string,
  prices: Record<string, number>,
  insist = '',
): Promise<void> {
  const { entries } = await officer.sheet(market)
  const versions = new Map(entries.map((entry) => [entry.commodity, entry.version]))
  const { entries: outcomes } = await officer.call<{ entries: { outcome: string }[] }>(
    'POST',
    `/api/surveys/${market}/${TODAY}/entries`,
    {
      device: 'ponsel uji',
      entries: Object.entries(prices).map(([commodity, price]) => ({
        clientId: randomUUID(),
        commodity,
        base: versions.get(commodity) ?? 0,
        answer: 'price',
        prices: [price],
        stock: 'enough',
        note: '',
        photoId: null,
        insist,
        notedAt: new Date().toISOString(),
      })),
    },
  )
  for (const { outcome } of outcomes) expect(outcome).toBe('stored')
  await officer.call('POST', `/api/surveys/${market}/${TODAY}/submit`, {})
}
const item = (page: Page, market: string, commodity: string) =>
  page.locator(`[data-item="${market} ${commodity}"]`)
async function priceOf(product: Product, market: string, commodity: string) {
  const board = await callerOf(product, product.cookie)<PriceBoard>('GET', `/api/prices/board?day=${TODAY}`)
  return board.rows
    .find((row) => row.commodity.code === commodity)
    ?.quotes.find((quote) => quote.market === market && quote.day === TODAY)
}

test('what deviates comes first, is sent back, mended, verified, published and then corrected', async ({
  page,
  product,
}) => {
  const market = 'pasar-sukun'
  const officer = await Officer.create(product, 'verifikasi')
  await reportYesterday(product, market, { [CHILI]: 60_000, [RICE]: 13_000 })
  const days = Array.from({ length: 8 }, (_, back) => new Date(Date.parse(YESTERDAY) - back * 86_400_000))
  await product.push(
    'prices',
    days.map((day) => ({ market, commodity: CHILI, day: day.toISOString().slice(0, 10), price: 60_000 })),
  )
  await submit(officer, market, { [CHILI]: 6_000, [RICE]: 13_100 }, 'Sudah ditanyakan lagi')

  await desk(page, product)
  await page.goto(`/prices/verify?day=${TODAY}`)
  const slip = item(page, market, CHILI)
  await expect(slip).toContainText('Nol kurang')
  await slip.click()
  await expect(page.getByText('Mungkin kurang satu angka nol')).toBeVisible()
  await expect(page.getByText('Sudah ditanyakan lagi')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Kembalikan … ?b?$/ }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('Kurang satu nol, tanyakan lagi')
  await page.getByRole('dialog').getByRole('button', { name: 'Kembalikan' }).click()
  await expect(page.getByTestId('told')).toContainText('1 isian dikembalikan')
  expect(await priceOf(product, market, CHILI)).toBeUndefined()

  const report = await callerOf(product, product.cookie)<FlagReport>('GET', '/api/prices/flags/report')
  expect(report.checks.find(({ check }) => check === 'digit-lost')).toMatchObject({ error: 1 })

  await submit(officer, market, { [CHILI]: 60_500 })
  await page.reload()
  await expect(
    item(page, market, CHILI)
      .or(page.getByRole('button', { name: /^Verifikasi sisanya/ }))
      .first(),
  ).toBeVisible()
  page.on('dialog', (dialog) => void dialog.accept())
  await page.getByRole('button', { name: /^Verifikasi sisanya/ }).click()
  await expect(page.getByTestId('told')).toContainText('diverifikasi')
  await expect.poll(async () => (await priceOf(product, market, CHILI))?.price).toBe(60_500)
  expect(await priceOf(product, market, RICE)).toMatchObject({ price: 13_100, status: 'reported' })

  await page.goto(`/prices/history?commodity=${CHILI}&market=${market}&day=${TODAY}`)
  await page.getByText('Koreksi atau tarik').click()
  await page.getByLabel('Harga yang benar').fill('61000')
  await page.getByLabel(/^Alasan/).fill('Salah ketik petugas')
  await page.getByRole('button', { name: 'Simpan koreksi' }).click()
  await expect(page.getByText('Salah ketik petugas')).toBeVisible()
  expect(await priceOf(product, market, CHILI)).toMatchObject({ price: 61_000, status: 'corrected' })
})

test('nobody verifies what they entered themselves', async ({ page, product }) => {
  const market = 'pasar-temboro'
  const admin = callerOf(product, product.cookie)
  await reportYesterday(product, market, { [RICE]: 13_000 })
  await admin('POST', `/api/surveys/${market}/${TODAY}/entries`, {
    device: 'meja uji',
    entries: [
      {
        clientId: randomUUID(),
        commodity: RICE,
        base: 0,
        answer: 'price',
        prices: [13_050],
        stock: null,
        note: '',
        photoId: null,
        insist: '',
        notedAt: new Date().toISOString(),
      },
    ],
  })
  await admin('POST', `/api/surveys/${market}/${TODAY}/submit`, {})
  const { id } = await admin<{ id: number }>('GET', `/api/surveys/${market}/${TODAY}`)
  const result = await admin<{ done: number; refused: { why: string }[] }>('POST', '/api/surveys/verify', {
    entries: [{ surveyId: id, commodity: RICE, version: 1 }],
  })
  expect(result).toMatchObject({ done: 0, refused: [{ why: 'own' }] })
  await desk(page, product)
  await page.goto(`/prices/verify?day=${TODAY}`)
  await expect(page.getByRole('heading', { name: 'Isian Anda sendiri' })).toBeVisible()
})

test('a closed month takes no correction, and says so', async ({ page, product }) => {
  const [year = 0, month = 1] = TODAY.split('-').map(Number)
  const day = new Date(Date.UTC(year, month - 2, 10)).toISOString().slice(0, 10)
  await product.push('prices', [{ market: 'pasar-klojen', commodity: RICE, day, price: 12_900 }])
  await desk(page, product)
  await page.goto('/prices/locks')
  await page.getByRole('button', { name: 'Tutup …' }).first().click()
  await expect(page.getByRole('dialog').getByText(/belum selesai/)).toBeVisible()
  await page.getByRole('dialog').getByRole('textbox').fill('Laporan bulanan sudah dikirim')
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await expect(page.getByRole('cell', { name: /ditutup/ }).first()).toBeVisible()
  await page.goto(`/prices/history?commodity=${RICE}&market=pasar-klojen&day=${day}`)
  await expect(page.getByText('Bulan ini sudah ditutup')).toBeVisible()
  await expect(page.getByText('Koreksi atau tarik')).toHaveCount(0)
  const corrected = await page.request.post('/api/prices/corrections', {
    headers: { origin: product.url },
    data: {
      commodity: RICE,
      market: 'pasar-klojen',
      day,
      feed: 'uji-harga',
      revision: 1,
      price: 13_000,
      reason: 'Terlambat dikoreksi',
    },
  })
  expect(corrected.status()).toBe(409)
  const pushed = await product.push('prices', [
    { market: 'pasar-klojen', commodity: RICE, day, price: 13_500 },
    { market: 'pasar-klojen', commodity: RICE, day, price: 12_900 },
  ])
  expect(pushed).toMatchObject({ rejected: 1, accepted: 0 })
  await page.goto('/prices/locks')
  await page.getByRole('button', { name: 'Buka lagi …' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('Klojen menyusulkan dua harga')
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await expect(page.getByText('Klojen menyusulkan dua harga')).toBeVisible()
})

test('the public page and the market screen are off until an administrator opens them, and show no drafts', async ({
  browser,
  product,
}) => {
  const market = 'pasar-velodrom'
  const admin = callerOf(product, product.cookie)
  await reportYesterday(product, market, { [RICE]: 13_000 })
  const officer = await Officer.create(product, 'publik')
  await submit(officer, market, { [RICE]: 13_333 })
  const context = await browser.newContext({ baseURL: product.url, locale: 'id-ID' })
  const page = await context.newPage()
  await page.goto('/public')
  await expect(page.getByText('Halaman ini tidak dibuka untuk umum.')).toBeVisible()
  const settings = await admin<object>('GET', '/api/settings/prices')
  await admin('PUT', '/api/settings/prices', { ...settings, publicPage: true, tvPage: true })
  // What was read while it was off is kept for a moment.
  await expect
    .poll(async () => (await fetch(`${product.url}/api/public/prices`)).status, { timeout: 30_000 })
    .toBe(200)
  await page.goto(`/public?market=${market}`)
  await expect(page.getByText('Rp 13.000/kg')).toBeVisible()
  await expect(page.getByText('13.333')).toHaveCount(0)
  await page.getByRole('button', { name: 'Hari sebelumnya' }).click()
  await expect(page).toHaveURL(/day=/)
  await expectAccessible(page)
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto(`/tv?market=${market}`)
  await expect(page.getByText('Pasar Velodrom')).toBeVisible()
  await expect(page.getByText('Beras medium')).toBeVisible()
  await context.close()
})

test('the ceiling watch and the board tell below, above HET, above HAP and none apart, an old day by its old rule', async ({
  page,
  product,
}) => {
  const quote = (commodity: string, price: number, day = TODAY) => ({
    market: 'pasar-besar',
    commodity,
    day,
    price,
  })
  await product.push('prices', [
    quote('beras-sphp', 12_000),
    quote('minyakita', 17_000),
    quote('kacang-kedelai-impor', 14_000),
    quote('tomat', 12_000),
  ])
  await desk(page, product)
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) })
  await page.goto(`/prices/ceilings?day=${TODAY}`)
  await expect(row('Minyakita')).toContainText('▲')
  await expect(row('Minyakita')).toContainText('mengikat')
  await expect(row('Kacang kedelai impor')).toContainText('◆')
  await expect(row('Kacang kedelai impor')).toContainText('acuan')
  await expect(row('Beras SPHP')).not.toContainText('▲')
  await expect(row('Tomat')).toHaveCount(0)
  // 12,500 until 2025-08-21, 13,500 after it.
  await page.goto('/prices/ceilings?day=2025-08-21')
  await expect(row('Beras medium')).toContainText('12.500')
  await page.goto('/prices/ceilings?day=2025-08-22')
  await expect(row('Beras medium')).toContainText('13.500')
})

test('the bulletin is printed light, without its buttons, on any theme', async ({ page, product }) => {
  await product.push('prices', [
    { market: 'pasar-besar', commodity: 'gula-kristal-putih', day: TODAY, price: 19_000 },
    { market: 'pasar-besar', commodity: 'gula-kristal-putih', day: YESTERDAY, price: 18_000 },
  ])
  await desk(page, product)
  await page.goto(`/prices/bulletin?day=${TODAY}`)
  await expect(page.getByRole('heading', { name: 'Buletin harian harga bahan pokok' })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Gula kristal putih/ })).toContainText('Rp 19.000')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: 'Cetak' })).toBeHidden()
  await expect(page.locator('article')).toHaveCSS('background-color', 'rgb(255, 255, 255)')
})
