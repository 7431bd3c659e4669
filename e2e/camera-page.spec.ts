import type { Page } from '@playwright/test'
import { expectAccessible, readIn, widthOf } from './accessible.ts'
import { CAMERA, expect, test, type Product } from './fixture.ts'
import { startHls, startRtspServer } from './parts/index.ts'

interface Config {
  id: number
  name: string
  targets: Record<string, string>
  [key: string]: unknown
}

/** The product's API as its administrator sees it. */
async function call<T>(product: Product, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(product.url + path, {
    method,
    headers: {
      cookie: product.cookie,
      origin: product.url,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}
async function cameraId(product: Product): Promise<number> {
  const { cameras } = await call<{ cameras: { id: number; streamId: string }[] }>(
    product,
    'GET',
    '/api/cameras',
  )
  // Not the one that other tests report on.
  const id = cameras.findLast(({ streamId }) => streamId !== CAMERA)?.id
  if (id === undefined) throw new Error('the pack lacks the camera')
  return id
}
async function signIn(page: Page, product: Product): Promise<void> {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
}
/** Sets where the camera can be watched, all else as it was. */
async function watchAt(product: Product, targets: Record<string, string>): Promise<number> {
  const id = await cameraId(product)
  const config = await call<Config>(product, 'GET', `/api/cameras/${id}/config`)
  const { id: _id, streamId: _s, hasSecret: _h, pinned: _p, effective: _e, ...edit } = config
  await call(product, 'PUT', `/api/cameras/${id}/config`, { ...edit, targets })
  return id
}
const clockOf = (page: Page) => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
async function expectMoving(page: Page): Promise<void> {
  await expect(page.getByTestId('player')).toHaveAttribute('data-state', 'playing', { timeout: 30_000 })
  const before = await clockOf(page)
  await expect.poll(() => clockOf(page)).toBeGreaterThan(before + 1)
}

test.describe('live video', () => {
  test('plays from HLS on a click, gives way when it is stopped, and names what it cannot show', async ({
    page,
    product,
  }) => {
    const hls = await startHls()
    try {
      const id = await watchAt(product, { hls: hls.urls.live })
      await page.goto(`/cameras/${id}`)
      await expect(page.locator('video')).toHaveCount(0)
      await page.getByRole('button', { name: 'Lihat langsung' }).click()
      await expectMoving(page)
      await expect(page.getByTestId('player')).toContainText('Langsung')
      await page.getByRole('button', { name: 'Hentikan' }).click()
      await expect(page.locator('video')).toHaveCount(0)

      await watchAt(product, { hls: hls.urls.missing })
      await page.getByRole('button', { name: 'Lihat langsung' }).click()
      await expect(page.getByTestId('player')).toContainText('Video tidak dapat diambil.')
    } finally {
      await watchAt(product, {})
      await hls.stop()
    }
  })

  test('memory is flat after 200 openings', async ({ page, product }) => {
    test.setTimeout(300_000)
    const hls = await startHls()
    try {
      const id = await watchAt(product, { hls: hls.urls.live })
      await page.goto(`/cameras/${id}`)
      const devtools = await page.context().newCDPSession(page)
      const open = async (times: number) => {
        for (let time = 0; time < times; time += 1) {
          await page.getByRole('button', { name: 'Lihat langsung' }).click()
          await page
            .locator('video')
            .evaluate(
              (video: HTMLVideoElement) =>
                video.readyState > 0 ||
                new Promise((resolve) => video.addEventListener('loadedmetadata', resolve)),
            )
          await page.getByRole('button', { name: 'Hentikan' }).click()
          await expect(page.locator('video')).toHaveCount(0)
        }
      }
      const heap = async () => {
        await devtools.send('HeapProfiler.collectGarbage')
        return (await devtools.send('Runtime.getHeapUsage')).usedSize
      }
      /** How many objects of a class are alive. */
      const alive = async (name: string) => {
        const { result } = await devtools.send('Runtime.evaluate', { expression: `${name}.prototype` })
        const { objects } = await devtools.send('Runtime.queryObjects', {
          prototypeObjectId: result.objectId ?? '',
        })
        const counted = await devtools.send('Runtime.callFunctionOn', {
          objectId: objects.objectId ?? '',
          functionDeclaration: 'function () { return this.length }',
          returnByValue: true,
        })
        await devtools.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' })
        return counted.result.value as number
      }
      await open(20)
      const before = await heap()
      await open(200)
      // An opening that held its buffers would hold a megabyte; the page around it moves by some hundred kilobytes.
      expect(await heap()).toBeLessThan(before + 3_000_000)
      for (const name of ['HTMLVideoElement', 'MediaSource', 'SourceBuffer', 'Worker'])
        expect(await alive(name), name).toBeLessThanOrEqual(2)
    } finally {
      await watchAt(product, {})
      await hls.stop()
    }
  })

  test('plays from an RTSP camera that wants a sign-in', async ({ page, product }) => {
    const rtsp = await startRtspServer()
    try {
      const id = await watchAt(product, { rtsp: rtsp.urls.signed })
      await call(product, 'PUT', `/api/cameras/${id}/secret`, rtsp.credentials)
      await page.goto(`/cameras/${id}?watch=1`)
      await expectMoving(page)
      await expect(page.locator('body')).not.toContainText(rtsp.credentials.password)
    } finally {
      await watchAt(product, {})
      await rtsp.stop()
    }
  })
})

test('settings say at the field what is not taken, keep what is, and every change is on record', async ({
  page,
  product,
}) => {
  await signIn(page, product)
  const id = await watchAt(product, {})
  await page.goto(`/cameras/${id}?tab=settings`)
  const form = page.getByTestId('settings')
  await form.getByLabel('RTSP', { exact: true }).fill('http://127.0.0.1/bukan-rtsp')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.locator('[data-field="targets.rtsp"]').getByRole('alert')).toBeVisible()
  await expect(form.getByLabel('RTSP', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await form.getByLabel('RTSP', { exact: true }).fill('')
  await form.getByLabel('Vendor').fill('CV Uji')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Tersimpan')).toBeVisible()
  await expect(page.getByTestId('camera-head')).toContainText('CV Uji')
  await page.getByRole('button', { name: 'Riwayat perubahan' }).click()
  await expect(page.getByText('CV Uji').last()).toBeVisible()
})

test('devices are added, cameras hung on them, and a device cannot hang on what hangs on it', async ({
  page,
  product,
}) => {
  await signIn(page, product)
  const { name } = await call<Config>(product, 'GET', `/api/cameras/${await cameraId(product)}/config`)
  await page.goto('/cameras/topology')
  const add = async (button: string, code: string) => {
    await page.getByRole('button', { name: button }).click()
    await page.getByLabel('Nama').fill(`Perangkat ${code}`)
    await page.getByLabel('Kode').fill(code)
    await page.getByRole('button', { name: 'Tambahkan' }).click()
    await expect(page.getByTestId(`node-${code}`)).toHaveAttribute('aria-selected', 'true')
  }
  await add('Tambah perangkat', 'uji-1')
  await add('Tambah di bawah Perangkat uji-1', 'uji-2')
  await expect(page.getByTestId('node-uji-2')).toHaveAttribute('aria-level', '2')
  await page.getByRole('button', { name: 'Gantungkan kamera …' }).click()
  await page.getByRole('searchbox').fill(name)
  await page.getByRole('checkbox', { name, exact: true }).check()
  await page.getByRole('button', { name: 'Gantungkan 1 di sini' }).click()
  await expect(page.getByTestId('node-uji-1')).toContainText('1 kamera')
  await page.getByTestId('node-uji-1').click()
  await expect(page.getByLabel('Tergantung pada').getByRole('option', { name: /uji-2/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Hapus perangkat' }).click()
  await page.getByRole('button', { name: 'Ya, hapus' }).click()
  await expect(page.getByRole('alert')).toContainText('Masih ada perangkat di bawahnya')
  // Other tests find the camera as it was.
  await call(product, 'POST', '/api/cameras/bulk', {
    ids: [await cameraId(product)],
    set: { parentId: null },
  })
  const { nodes } = await call<{ nodes: { id: number; code: string }[] }>(product, 'GET', '/api/nodes')
  for (const code of ['uji-2', 'uji-1'])
    await call(product, 'DELETE', `/api/nodes/${nodes.find((node) => node.code === code)?.id}`)
})

test('a camera is added where the map is clicked', async ({ page, product }) => {
  await signIn(page, product)
  // Taken instead of sent: other tests count the cameras of the pack, and none can be removed.
  const id = await cameraId(product)
  let sent: Record<string, unknown> = {}
  await page.route('**/api/cameras', (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    sent = route.request().postDataJSON() as Record<string, unknown>
    return route.fulfill({ status: 201, json: { id } })
  })
  await page.goto('/')
  await expect(page.locator('aside li').first()).toBeVisible()
  await page.getByRole('button', { name: 'Tambah kamera' }).click()
  await page.getByTestId('map').click({ position: { x: 700, y: 450 } })
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Nama').fill('Kamera dari peta')
  await dialog.getByLabel('ID aliran').fill('uji-peta')
  await page.getByRole('button', { name: 'Tambahkan dan buka' }).click()
  await expect(page).toHaveURL(`/cameras/${id}?tab=settings`)
  expect(sent).toMatchObject({ name: 'Kamera dari peta', streamId: 'uji-peta', enabled: true })
  expect(sent.latitude).toBeCloseTo(-8, 0)
  expect(sent.longitude).toBeCloseTo(112.7, 0)
})

for (const path of ['state', 'settings', 'mosaic', 'timeline', 'topology'] as const)
  test(`the camera pages (${path}) are accessible in both languages, light and dark, and fit a phone`, async ({
    page,
    product,
  }) => {
    await signIn(page, product)
    const own = path === 'state' || path === 'settings'
    const address = own ? `/cameras/${await cameraId(product)}?tab=${path}` : `/cameras/${path}`
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    for (const [language, theme, width] of [
      ['id', 'light', 390],
      ['en', 'dark', 1_280],
    ] as const) {
      await page.setViewportSize({ width, height: 844 })
      await readIn(page, language, theme)
      await page.goto(address)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      await expect(page.getByRole('alert')).toHaveCount(0)
      await expectAccessible(page)
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
    }
    expect(errors).toEqual([])
  })
