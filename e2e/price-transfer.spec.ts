import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { strToU8, zipSync } from 'fflate'
import { expect, test as base, type Product } from './fixture.ts'

/** A history of its own is no business of the other tests. */
const test = base.extend<object, { alone: null }>({
  alone: [async ({}, use) => use(null), { scope: 'worker', auto: true }],
})
const sample = (name: string) =>
  readFileSync(new URL(`../server/prices/import/testing/samples/${name}`, import.meta.url))

async function signIn(page: Page, product: Product): Promise<void> {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto('/prices/import')
}
const choose = (page: Page, name: string, buffer: Buffer, mimeType = 'text/csv') =>
  page.locator('input[type="file"]').setInputFiles({ name, mimeType, buffer })
const count = (page: Page, part: string) => page.locator(`[data-count="${part}"] dd`)
const file = async ({ url, cookie }: Product, query: string) => {
  const answer = await fetch(`${url}/api/prices/export?${query}`, { headers: { cookie } })
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

test('an office’s monthly sheet is mended by hand, stored, and understood at once the next month', async ({
  page,
  product,
}) => {
  await signIn(page, product)
  await choose(page, 'laporan.csv', sample('pasar-bulanan.csv'))
  await expect(page.getByText('belum ada yang disimpan')).toBeVisible()
  await expect(count(page, 'fresh')).toHaveText('21')
  await expect(count(page, 'refused')).toHaveText('6')
  await expect(page.locator('[data-problem="B11"]')).toContainText('Bawang Bombay')
  await expect(page.locator('[data-column="C"]')).toContainText('Satuan')

  await page.locator('[data-unknown="Bawang Bombay"] select').selectOption({ label: 'Lewati dengan sengaja' })
  await page.getByLabel('Nama sumber').fill('Laporan bulanan')
  await expect(page.getByRole('button', { name: /^Simpan/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Periksa ulang' }).click()
  await expect(count(page, 'leftOut')).toHaveText('6')
  await expect(count(page, 'refused')).toHaveText('0')
  await page.getByRole('button', { name: 'Simpan 21 harga' }).click()
  await expect(page.locator('[data-applied="true"]')).toContainText('21 harga baru')

  // The next month has other days, and this month's sheet changes nothing a second time.
  const july = sample('pasar-bulanan.csv').toString().replace('AGUSTUS 2026', 'JULI 2026')
  await choose(page, 'laporan-juli.csv', Buffer.from(july))
  await expect(page.getByText('Dipahami seperti berkas sebelumnya')).toBeVisible()
  await expect(count(page, 'leftOut')).toHaveText('6')
  await expect(page.getByLabel('Nama sumber')).toHaveValue('Laporan bulanan')
  await page.getByRole('button', { name: 'Batalkan impor ini' }).click()
  await choose(page, 'laporan.csv', sample('pasar-bulanan.csv'))
  await expect(count(page, 'unchanged')).toHaveText('21')
  await expect(page.getByText('Tidak ada yang perlu disimpan.')).toBeVisible()
})

test('a likely name is only a suggestion, taken by a click', async ({ page, product }) => {
  await signIn(page, product)
  await choose(page, 'salah-eja.txt', sample('tabs.txt'))
  const row = page.locator('[data-unknown="Daging Ayam Broilr"]')
  await expect(row).toContainText('Daging ayam ras')
  await expect(count(page, 'fresh')).toHaveText('3')
  await row.getByRole('button', { name: 'Pakai' }).click()
  await page.getByRole('button', { name: 'Periksa ulang' }).click()
  const market = page.locator('[data-unknown="Pasar Tak Dikenal"]')
  await expect(market).toContainText('Pasar')
  await market.locator('select').selectOption({ label: 'Pasar Kebalen' })
  await page.getByRole('button', { name: 'Periksa ulang' }).click()
  await expect(count(page, 'fresh')).toHaveText('4')
  await expect(page.getByText('Semua sel terbaca.')).toBeVisible()
})

for (const format of ['csv', 'xlsx'] as const)
  test(`what is exported as ${format} and imported again is the same, row by row`, async ({
    page,
    product,
  }) => {
    await signIn(page, product)
    const query = 'kind=commodity&commodity=cabai-rawit-merah&from=2025-12-01'
    const before = (await file(product, `${query}&format=csv`)).toString()
    const rows = before.split('\r\n').filter((line) => /^\d{4}-/.test(line))
    expect(rows.length).toBeGreaterThan(100)
    const name = `cabai-${format}.${format}`
    await choose(page, name, await file(product, `${query}&format=${format}`))
    await expect(count(page, 'fresh')).toHaveText(new Intl.NumberFormat('id-ID').format(rows.length))
    await expect(count(page, 'refused')).toHaveText('0')
    // Remembered, the other format's file would be one of this source.
    await page.getByLabel('Ingat cara ini').uncheck()
    await page.getByRole('button', { name: /^Simpan/ }).click()
    await expect(page.locator('[data-applied="true"]')).toBeVisible()
    const prices = (text: string) =>
      text
        .split('\r\n')
        .filter((line) => /^\d{4}-/.test(line))
        .map((line) => line.split(';').slice(0, 8).join(';'))
    expect(prices((await file(product, `${query}&format=csv`)).toString())).toEqual(prices(before))
    await choose(page, name, await file(product, `${query}&format=${format}`))
    await expect(count(page, 'unchanged')).toHaveText(new Intl.NumberFormat('id-ID').format(rows.length))
  })

test('hostile files are refused in words, and the server goes on', async ({ page, product }) => {
  await signIn(page, product)
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const bomb = Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(210_000_000) }))
  const refused = (why: string) => expect(page.getByRole('alert').filter({ hasText: why })).toBeVisible()
  await choose(page, 'bom.xlsx', bomb, XLSX)
  await refused('terlalu besar')
  await choose(page, 'bukan.xlsx', Buffer.from(zipSync({ 'a.txt': strToU8('a') })), XLSX)
  await refused('tidak dapat dibaca')
  await choose(page, 'koma.csv', Buffer.alloc(10_000_000, ','))
  await refused('terlalu besar')
  await choose(page, 'catatan.pdf', Buffer.from('%PDF'))
  await refused('bukan CSV atau XLSX')
  const formula = `Tanggal,Pasar,Komoditas,Harga\n2026-08-01,Pasar Besar,"=cmd|'/c calc'!A1",8000\n2026-08-01,Pasar Besar,<img src=x onerror=alert(1)>,8000\n`
  await choose(page, 'rumus.csv', Buffer.from(formula))
  await expect(page.locator('[data-unknown]')).toHaveCount(2)
  await expect(page.getByText("=cmd|'/c calc'!A1").first()).toBeVisible()
  expect((await fetch(`${product.url}/healthz`)).status).toBe(200)
})
