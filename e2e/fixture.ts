import { test as base } from '@playwright/test'
import { startTestCluster, testDatabase } from '../server/database/testing/index.ts'
import { freePort, ProductServer } from './server.ts'

export const ADMIN = { username: 'admin', name: 'Admin Uji', password: 'kata sandi yang panjang' }
/** Two cameras of the Malang pack. */
export const CAMERA = '637253114452609264665590'

export interface Product {
  server: ProductServer
  url: string
  cookie: string
  cameraKey: string
  priceKey: string
  push(kind: 'camera-status' | 'prices', rows: unknown[]): Promise<Record<string, unknown>>
  databaseUrl: string
}

/** One product for all tests of a worker, with an administrator and two push feeds. */
export const test = base.extend<object, { product: Product }>({
  product: [
    async ({}, use) => {
      const cluster = await startTestCluster()
      const database = await testDatabase(cluster.adminUrl)
      const databaseUrl = database.url
      const port = await freePort()
      const server = new ProductServer(port, {
        DATABASE_URL: databaseUrl,
        DEMO: 'off',
        PROBE_NETWORKS: '127.0.0.0/8',
        GUESTS_MAY_LOOK: 'yes',
        LOG_LEVEL: 'warn',
      })
      await server.start()
      const product = await prepare(server, databaseUrl)
      await use(product)
      await server.end()
      await database.drop()
      await cluster.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ product }, use) => use(product.url),
})
/** The same with a product that no other file's tests change. */
export const apart = () =>
  test.extend<object, { product: Product }>({
    product: [({ product }, use) => use(product), { scope: 'worker' }],
  })
export { expect } from '@playwright/test'

async function prepare(server: ProductServer, databaseUrl: string): Promise<Product> {
  const url = server.url
  const headers: Record<string, string> = { 'content-type': 'application/json', origin: url }
  const call = async (path: string, body: unknown) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const setup = await call('/api/setup', { token: server.setupPath().replace('/setup/', ''), ...ADMIN })
  const cookie = setup.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  headers.cookie = cookie
  const keyOf = async (id: string, domain: string) => {
    await call('/api/feeds', { id, domain, title: id })
    return ((await (await call(`/api/feeds/${id}/keys`, { name: 'uji' })).json()) as { key: string }).key
  }
  const cameraKey = await keyOf('uji-kamera', 'cameras')
  const priceKey = await keyOf('uji-harga', 'prices')
  const push: Product['push'] = async (kind, rows) => {
    const answer = await fetch(`${url}/api/ingest/${kind}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${kind === 'prices' ? priceKey : cameraKey}`,
      },
      body: JSON.stringify(rows),
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  return { server, url, cookie, cameraKey, priceKey, push, databaseUrl }
}
