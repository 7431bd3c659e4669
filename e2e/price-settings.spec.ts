import type { Page } from '@playwright/test'
import type { PriceBoard } from '../server/contract/price-board.ts'
import type { PriceSettings, PriceSource } from '../server/contract/prices.ts'
import { expect, test, type Product } from './fixture.ts'
import { callerOf, Officer, TODAY } from './officers.ts'

const [YEAR = 0, MONTH = 1] = TODAY.split('-').map(Number)
/** A day of the month before this one, and of the one before that. */
const [LAST_MONTH, EARLIER] = [2, 3].map((back) =>
  new Date(Date.UTC(YEAR, MONTH - back, 10)).toISOString().slice(0, 10),
) as [string, string]
const GARLIC = 'bawang-putih'
const MARKET = 'pasar-klojen'
const monthName = (day: string) =>
  new Intl.DateTimeFormat('id-ID', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(day),
  )

async function enter(page: Page, product: Product, cookie = product.cookie): Promise<void> {
  const [name = '', value = ''] = cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
}
const quote = (price: number, day: string) => ({ market: MARKET, commodity: GARLIC, day, price })
const monthRow = (page: Page, day: string) =>
  page.getByRole('row', { name: new RegExp(`^${monthName(day)}`) })
async function giveReason(page: Page, reason: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('Alasan').fill(reason)
  await page.getByRole('dialog').locator('button[type=submit]').click()
}
async function medianOf(product: Product, day: string): Promise<number | undefined> {
  const board = await callerOf(product, product.cookie)<PriceBoard>('GET', `/api/prices/board?day=${day}`)
  return board.rows.find(({ commodity }) => commodity.code === GARLIC)?.city?.median
}

test('a month is closed with a reason, refuses a correction in clear words, and is opened with one', async ({
  page,
  product,
}) => {
  await product.push('prices', [quote(38_000, LAST_MONTH)])
  await enter(page, product)
  await page.goto('/prices/locks')
  const row = monthRow(page, LAST_MONTH)
  await row.getByRole('button', { name: 'Tutup …' }).click()
  await giveReason(page, ' ')
  await expect(page.getByRole('alert')).toHaveText('Alasan harus diisi, paling sedikit tiga huruf.')
  await giveReason(page, 'Laporan bulanan sudah dikirim')
  await expect(row).toContainText('ditutup')
  await expect(row).toContainText('Laporan bulanan sudah dikirim')
  await expect(row).toContainText('Admin Uji')

  const correction = () =>
    page.request.post('/api/prices/corrections', {
      headers: { origin: product.url },
      data: {
        ...quote(39_000, LAST_MONTH),
        feed: 'uji-harga',
        revision: 1,
        reason: 'Terlambat dikoreksi',
      },
    })
  const refused = await correction()
  expect(refused.status()).toBe(409)
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining('closed') as unknown })
  expect(await medianOf(product, LAST_MONTH)).toBe(38_000)

  await row.getByRole('button', { name: 'Buka lagi …' }).click()
  await giveReason(page, 'Pasar Klojen melapor terlambat')
  await expect(row).toContainText('terbuka')
  await expect(
    page.getByRole('listitem').filter({ hasText: 'Pasar Klojen melapor terlambat' }),
  ).toContainText('Laporan bulanan sudah dikirim')
  expect((await correction()).status()).toBe(200)
  expect(await medianOf(product, LAST_MONTH)).toBe(39_000)
})

test('the order of sources is changed from the keyboard, and with it what counts, but not in a closed month', async ({
  page,
  product,
}) => {
  const admin = callerOf(product, product.cookie)
  await admin('POST', '/api/feeds', { id: 'uji-kedua', domain: 'prices', title: 'Sumber kedua' })
  const { key } = await admin<{ key: string }>('POST', '/api/feeds/uji-kedua/keys', { name: 'uji' })
  const sources = async () =>
    (await admin<{ sources: PriceSource[] }>('GET', '/api/prices/sources')).sources.map(({ feed }) => feed)
  const rest = (await sources()).filter((feed) => feed !== 'uji-harga' && feed !== 'uji-kedua')
  await admin('PUT', '/api/prices/sources', { order: ['uji-harga', 'uji-kedua', ...rest] })
  await product.push('prices', [quote(40_000, TODAY), quote(30_000, EARLIER)])
  const second = await fetch(`${product.url}/api/ingest/prices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify([quote(42_000, TODAY), quote(32_000, EARLIER)]),
  })
  expect(await second.json()).toMatchObject({ accepted: 2 })
  expect([await medianOf(product, TODAY), await medianOf(product, EARLIER)]).toEqual([40_000, 30_000])
  const { locks } = await admin<{ locks: { id: number; month: string }[] }>('POST', '/api/prices/locks', {
    month: EARLIER.slice(0, 7),
    reason: 'Laporan bulanan sudah dikirim',
  })

  await enter(page, product)
  await page.goto('/prices/sources')
  const save = page.getByRole('button', { name: 'Simpan urutan' })
  await expect(save).toBeDisabled()
  await page.getByRole('button', { name: 'Naikkan Sumber kedua' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Sumber kedua kini di urutan 1' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Turunkan Sumber kedua' })).toBeFocused()
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.message())
    void dialog.accept()
  })
  await save.click()
  await expect(page.getByText('Urutan tersimpan.')).toBeVisible()
  expect(asked).toEqual([expect.stringContaining('Bulan yang sudah ditutup tidak berubah')])
  expect((await sources()).slice(0, 2)).toEqual(['uji-kedua', 'uji-harga'])
  expect([await medianOf(product, TODAY), await medianOf(product, EARLIER)]).toEqual([42_000, 30_000])

  const id = locks.find(({ month }) => month === EARLIER.slice(0, 7))?.id
  await admin('POST', `/api/prices/locks/${id}/unlock`, { reason: 'Dihitung dengan urutan baru' })
  expect(await medianOf(product, EARLIER)).toBe(32_000)

  await page.getByLabel('Bandingkan sumber untuk').selectOption(GARLIC)
  await page.getByRole('link', { name: 'Buka perbandingan' }).click()
  await expect(page).toHaveURL(new RegExp(`/prices/${GARLIC}\\?tab=sources`))
  await expect(page.getByRole('row', { name: /^Sumber kedua/ })).toBeVisible()
})

test('settings are saved: deadline, publishing, base month, public screens and what is due at a market', async ({
  page,
  product,
}) => {
  const admin = callerOf(product, product.cookie)
  const before = await admin<PriceSettings>('GET', '/api/settings/prices')
  const due = async () =>
    (await admin<{ commodities: string[] }>('GET', `/api/settings/survey-due?market=${MARKET}`)).commodities
  const usual = await due()
  expect(usual).toContain(GARLIC)

  await enter(page, product)
  await page.goto('/prices/settings')
  await page.getByLabel('Tenggat survei').fill('10:30')
  await page.getByLabel('Pengingat mulai').fill('45')
  await page.getByLabel('Penerbitan').selectOption('by-hand')
  await page.getByLabel('Bulan dasar indeks').fill('2025-01')
  await page.getByLabel('Layar TV pasar').check()
  await page.getByText('Alamat layar tiap pasar').click()
  await expect(page.getByRole('link', { name: `/tv?market=${MARKET}` })).toBeVisible()
  await page.getByRole('button', { name: 'Simpan', exact: true }).click()
  await expect(page.getByText('Tersimpan.')).toBeVisible()
  expect(await admin<PriceSettings>('GET', '/api/settings/prices')).toEqual({
    ...before,
    deadline: '10:30',
    reminderMinutes: 45,
    publish: 'by-hand',
    baseMonth: '2025-01',
    tvPage: true,
  })
  await page.reload()
  await expect(page.getByLabel('Tenggat survei')).toHaveValue('10:30')
  await expect(page.getByLabel('Bulan dasar indeks')).toHaveValue('2025-01')
  await admin('PUT', '/api/settings/prices', before)

  await page.getByRole('combobox', { name: /^Pasar/ }).selectOption(MARKET)
  await page.getByLabel('Bawang putih', { exact: true }).uncheck()
  await page.getByRole('button', { name: 'Simpan', exact: true }).last().click()
  await expect(page.getByText('Tersimpan.')).toBeVisible()
  expect(await due()).toEqual(usual.filter((code) => code !== GARLIC))
  await page.getByRole('button', { name: 'Pakai daftar kota' }).click()
  await expect(page.getByLabel('Bawang putih', { exact: true })).toBeChecked()
  expect(await due()).toEqual(usual)
})

test('who is no administrator reads the order of sources, and is told plainly what is not theirs', async ({
  page,
  product,
}) => {
  const officer = await Officer.create(product, 'pengaturan')
  await enter(page, product, officer.cookie)
  await page.goto('/prices/sources')
  await expect(page.getByText('Hanya administrator yang dapat mengubah urutan.')).toBeVisible()
  await expect(page.getByRole('row', { name: /uji-harga/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Simpan urutan' })).toHaveCount(0)
  await page.goto('/prices/settings')
  await expect(page.getByText('Hanya administrator yang dapat mengubah pengaturan harga.')).toBeVisible()
  await page.goto('/prices/locks')
  await expect(page.getByText('Halaman ini untuk petugas harga, pimpinan, dan administrator.')).toBeVisible()
})
