import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { siteOf, type CityPack } from '../cities/index.ts'
import { demoMoment } from './calendar.ts'
import { cameraPayload, portalCameras } from './portal-cameras.ts'
import { gridPayload } from './portal-pihps.ts'
import { marketsPayload, portalMarkets, tableHtml } from './portal-siskaperbapo.ts'
import { portalStatusAt } from './outages.ts'
import type { PriceLevels } from './levels.ts'

export interface DemoOptions {
  pack: CityPack
  levels: PriceLevels
  seed: number
  clock: () => Date
  /** when this demo was started for the first time */
  startedAt: Date
  /** how long a day of the demo takes until it has caught up with today */
  daySeconds: number
  /** cameras that the portal takes for working as long as it lists them, by stream id */
  trusting?: ReadonlySet<string>
}
export interface DemoServer {
  url: string
  close(): Promise<void>
}

interface Answer {
  status: number
  type: 'application/json' | 'text/html; charset=utf-8' | 'text/plain'
  body: string
  headers?: Record<string, string>
}
const MAX_BODY = 64 * 1024
const MINUTE = 60_000

/** Stands in for the portals: their real shapes over HTTP on loopback, at a port of its own. */
export async function startDemoServer(options: DemoOptions): Promise<DemoServer> {
  const answer = portals(options)
  const server = createServer((request, response) => {
    serve(answer, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answering = (method: string, url: URL, body: string) => Answer

async function serve(answer: Answering, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const part = chunk as Buffer
    size += part.length
    if (size > MAX_BODY) return void response.writeHead(413).end()
    chunks.push(part)
  }
  const url = new URL(request.url ?? '/', 'http://demo')
  const { status, type, body, headers } = answer(
    request.method ?? 'GET',
    url,
    Buffer.concat(chunks).toString(),
  )
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

function portals(options: DemoOptions): Answering {
  const { pack, levels, seed, clock, startedAt, daySeconds, trusting } = options
  const cameras = portalCameras(pack, siteOf(pack.cameras))
  const markets = portalMarkets(pack)
  const { timezone } = pack.city
  const moment = () => demoMoment(startedAt, clock(), { timezone, daySeconds })
  const routes: Record<string, (url: URL, body: string) => Answer> = {
    'POST /api/v2/get-cameras': (_url, body) => {
      const district = /name="?m_kecamatan_id"?\r?\n\r?\n([^\r\n]*)/.exec(body)?.[1] ?? ''
      return json(cameraPayload(cameras, district, portalStatusAt(seed, cameras, clock(), trusting)))
    },
    [`GET /harga/pasar.json/${cityKey(pack)}`]: () => json(marketsPayload(pack, markets)),
    'POST /harga/tabel.nodesign/': (_url, body) => {
      const form = new URLSearchParams(body)
      const market = markets.find(({ id }) => id === form.get('pasar'))
      const day = form.get('tanggal') ?? ''
      return html(tableHtml({ pack, seed, levels, market: market?.code, day, at: moment() }))
    },
    'GET /hargapangan/WebSite/TabelHarga/GetGridDataDaerah': ({ searchParams }) => {
      const pause = pausedFor(startedAt, clock())
      if (pause > 0) return paused(pause)
      return json(gridPayload({ pack, seed, levels, at: moment(), query: searchParams }))
    },
  }
  return (method, url, body) =>
    routes[`${method} ${url.pathname}`]?.(url, body) ?? { status: 404, type: 'text/plain', body: 'not found' }
}

/** The portal's own code of the city. */
export const cityKey = (pack: CityPack) => pack.city.portalCodes.siskaperbapo?.kabkota ?? pack.city.code

/** One portal stops for three minutes out of twenty, six minutes in for the first time. */
export function pausedFor(startedAt: Date, now: Date): number {
  const within = (now.getTime() - startedAt.getTime()) % (20 * MINUTE)
  return within >= 6 * MINUTE && within < 9 * MINUTE ? 9 * MINUTE - within : 0
}

const json = (payload: unknown): Answer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(payload),
})
const html = (body: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', body })
const paused = (ms: number): Answer => ({
  status: 503,
  type: 'text/plain',
  body: 'Layanan sedang dalam perbaikan',
  headers: { 'retry-after': String(Math.min(20, Math.ceil(ms / 1000))) },
})
