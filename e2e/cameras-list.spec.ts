import type { Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { expect, test as base, type Product } from './fixture.ts'

/** Thousands of cameras are no business of the other tests: these have a product of their own. */
const test = base.extend<object, { alone: null }>({
  alone: [async ({}, use) => use(null), { scope: 'worker', auto: true }],
})
const MANY = 5_000

async function signIn(page: Page, product: Product): Promise<void> {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
  page.on('dialog', (dialog) => void dialog.accept())
}
async function exported(product: Product): Promise<Record<string, string>[]> {
  const answer = await fetch(`${product.url}/api/cameras/export?format=csv`, {
    headers: { cookie: product.cookie },
  })
  expect(answer.status).toBe(200)
  return parse(await answer.text(), { columns: true, bom: true })
}
const csv = (rows: Record<string, string>[]) => Buffer.from(stringify(rows, { header: true }))

test('a file of 253 rows, 4 of them faulty: a dry run tells of each, applying changes the others', async ({
  page,
  product,
}) => {
  await signIn(page, product)
  const rows = await exported(product)
  expect(rows).toHaveLength(253)
  const at = (index: number) => rows[index] ?? {}
  at(10).latitude = 'utara'
  at(20).name = ''
  at(30).hls = 'bukan alamat'
  at(41).stream_id = at(40).stream_id ?? ''
  for (let index = 50; index < 60; index += 1) at(index).group = 'Pasar'

  await page.goto('/cameras/import')
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'kamera.csv', mimeType: 'text/csv', buffer: csv(rows) })
  const chip = (action: string) => page.getByRole('button', { name: new RegExp(`${action} \\d`) })
  await expect(page.getByText('belum ada yang diubah')).toBeVisible()
  await expect(chip('Ditolak')).toContainText('4')
  await expect(chip('Diubah')).toContainText('10')
  await expect(chip('Tetap')).toContainText('239')
  await expect(page.locator('[data-action="refuse"]')).toHaveCount(4)
  await expect(page.locator('[data-action="refuse"][data-row="12"]')).toContainText('latitude')
  expect((await exported(product)).filter(({ group }) => group === 'Pasar')).toHaveLength(0)

  await page.getByRole('button', { name: 'Terapkan 10 baris' }).click()
  await expect(page.locator('[data-applied="true"]')).toContainText('10 diubah, 4 ditolak')
  expect((await exported(product)).filter(({ group }) => group === 'Pasar')).toHaveLength(10)

  await page.goto('/cameras?group=Pasar')
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '11')
})

test('several cameras are changed at once, and what was done is said', async ({ page, product }) => {
  await signIn(page, product)
  await page.goto('/cameras?sort=name')
  await expect(page.getByRole('grid')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.locator('[data-index="3"] [data-select]').click({ modifiers: ['Shift'] })
  await expect(page.getByText('4 dipilih')).toBeVisible()
  await page.getByRole('button', { name: 'Kelompok …' }).click()
  await page.getByPlaceholder('Nama kelompok').fill('Uji massal')
  await page.getByRole('button', { name: 'Terapkan' }).click()
  await expect(page.getByText('4 kamera diubah.')).toBeVisible()
  await page.getByRole('combobox', { name: 'Kelompok', exact: true }).first().selectOption('Uji massal')
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '5')
  await page.keyboard.press('Escape')
  await expect(page.getByText('4 dipilih')).toHaveCount(0)
})

test('thousands of rows: few are drawn, and the keyboard reaches all of them', async ({ page, product }) => {
  await signIn(page, product)
  const known = await exported(product)
  const rows = Array.from({ length: MANY - known.length }, (_, index) => ({
    stream_id: `uji-${index}`,
    name: `Kamera uji ${index}`,
    latitude: String(-8 + Math.floor(index / 70) * 0.001),
    longitude: String(112.6 + (index % 70) * 0.001),
  }))
  const answer = await fetch(`${product.url}/api/cameras/import?apply=true`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', origin: product.url, cookie: product.cookie },
    body: new Uint8Array(csv(rows)),
  })
  expect(((await answer.json()) as { counts: unknown }).counts).toMatchObject({ create: rows.length })

  await page.goto('/cameras?sort=name')
  const grid = page.getByRole('grid')
  await expect(grid).toHaveAttribute('aria-rowcount', String(MANY + 1))
  const drawn = page.locator('[data-index]')
  await page.keyboard.press('End')
  await expect(page.locator(`[data-index="${MANY - 1}"]`)).toBeInViewport()
  expect(await drawn.count()).toBeLessThan(100)
  await page.keyboard.press('k')
  const row = page.locator(`[data-index="${MANY - 2}"]`)
  await expect(grid).toHaveAttribute('aria-activedescendant', (await row.getAttribute('id')) ?? '')
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2))
  await expect(page.locator(`[data-index="${MANY / 2}"]`)).toBeInViewport()

  await page.keyboard.press('/')
  await page.keyboard.type('kamera uji 12')
  await expect(page).toHaveURL(/q=kamera/)
  await page.keyboard.press('ArrowDown')
  await expect(grid).toBeFocused()
  await page.keyboard.press('a')
  // 12, 120 to 129, 1200 to 1299
  await expect(page.getByText('111 dipilih')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: /^Nama/ }).click()
  await expect(page.getByRole('columnheader', { name: /^Nama/ })).toHaveAttribute('aria-sort', 'descending')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/cameras\/\d+$/)
})
