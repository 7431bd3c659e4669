import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { expect, test, type Product } from './fixture.ts'

const BEHIND = 39

/** Something that takes TCP connections at a loopback address of its own, until it is switched off. */
class Device {
  readonly host: string
  #port = 0
  #server: Server | undefined

  constructor(host: string) {
    this.host = host
  }
  async on(): Promise<this> {
    this.#server = createServer((socket) => socket.on('error', () => undefined).resume())
    this.#server.listen(this.#port, this.host)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
    return this
  }
  async off(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    server.close()
    await once(server, 'close')
  }
  get tcp(): string {
    return `${this.host}:${this.#port}`
  }
}

const call = async <T>(
  { url, cookie }: Product,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> => {
  const answer = await fetch(`${url}${path}`, {
    method: init.method ?? 'GET',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

test('a switch dies: one failure with its cause, the cameras behind it unreachable, and all come back', async ({
  product,
  page,
}) => {
  test.setTimeout(180_000)
  const devices = await Promise.all(
    Array.from({ length: BEHIND + 1 }, (_, index) => new Device(`127.50.0.${index + 1}`).on()),
  )
  const [hub, ...behind] = devices as [Device, ...Device[]]
  const before = await call<Record<string, unknown>>(product, '/api/settings/probe')
  await call(product, '/api/settings/probe', {
    method: 'PUT',
    body: { intervalSeconds: 5, failures: 2, recoveries: 1 },
  })
  const { id: parentId } = await call<{ id: number }>(product, '/api/nodes', {
    method: 'POST',
    body: {
      code: 'sw-uji',
      name: 'Switch Kayutangan',
      kind: 'switch',
      parentId: null,
      latitude: null,
      longitude: null,
      targets: { tcp: hub.tcp },
    },
  })
  const ids: number[] = []
  for (const [index, device] of behind.entries()) {
    const { id } = await call<{ id: number }>(product, '/api/cameras', {
      method: 'POST',
      body: {
        streamId: `uji-switch-${index}`,
        name: `Uji switch ${index}`,
        address: null,
        latitude: -7.97 - index / 2_000,
        longitude: 112.63,
        owner: null,
        vendor: null,
        group: 'uji-switch',
        parentId,
        enabled: true,
        targets: { tcp: device.tcp },
        settings: {},
      },
    })
    ids.push(id)
  }
  const statesOf = async () => {
    const { cameras } = await call<{ cameras: { id: number; status: { state: string } }[] }>(
      product,
      '/api/cameras',
    )
    const counts: Record<string, number> = {}
    for (const { id, status } of cameras)
      if (ids.includes(id)) counts[status.state] = (counts[status.state] ?? 0) + 1
    return counts
  }
  const poll = { timeout: 60_000 }

  await page.goto(`${product.url}/`)
  const map = page.locator('[data-unreachable]')
  await expect.poll(async () => (await statesOf()).up, poll).toBe(BEHIND)
  await Promise.all(devices.map((device) => device.off()))
  await expect(map).toHaveAttribute('data-unreachable', String(BEHIND), poll)
  await expect.poll(async () => (await statesOf()).unreachable, poll).toBe(BEHIND)

  const { incidents } = await call<{ incidents: { kind: string; name: string; cameras: number[] }[] }>(
    product,
    '/api/incidents?open=true',
  )
  expect(incidents.map(({ kind, name }) => ({ kind, name }))).toEqual([
    { kind: 'node', name: 'Switch Kayutangan' },
  ])
  expect(incidents[0]?.cameras).toHaveLength(BEHIND)
  const { outages } = await call<{ outages: { cameraId: number }[] }>(
    product,
    '/api/outages?open=true&limit=500',
  )
  expect(outages.filter(({ cameraId }) => ids.includes(cameraId))).toEqual([])
  await expect(page.locator('.alerts')).toContainText('peringatan', poll)
  await page.locator('.alerts summary').click()
  await expect(page.getByText(`Switch Kayutangan gagal: ${BEHIND} kamera di belakangnya`)).toBeVisible()

  await Promise.all(devices.map((device) => device.on()))
  await expect(map).toHaveAttribute('data-unreachable', '0', poll)
  await expect.poll(async () => (await statesOf()).up, poll).toBe(BEHIND)
  await expect
    .poll(
      async () => (await call<{ incidents: unknown[] }>(product, '/api/incidents?open=true')).incidents,
      poll,
    )
    .toEqual([])
  await expect(page.getByText(`Switch Kayutangan gagal: ${BEHIND} kamera di belakangnya`)).toBeHidden(poll)

  await call(product, '/api/cameras/bulk', { method: 'POST', body: { ids, set: { enabled: false } } })
  await call(product, '/api/settings/probe', { method: 'PUT', body: before })
  await Promise.all(devices.map((device) => device.off()))
})
