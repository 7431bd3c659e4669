/**
 * The service worker: keeps the files of the survey's pages, and nothing else, so that they open without a connection.
 * Pages come from the server wherever it answers; what the API says is never kept here.
 */
import { cleanupOutdatedCaches, matchPrecache, precache, type PrecacheEntry } from 'workbox-precaching'
import { sendKept } from '../send.ts'

/** What is used of the worker's global scope; the page's types know none. */
interface WorkerScope {
  addEventListener(type: 'install', listener: () => void): void
  addEventListener(type: 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'sync', listener: (event: Lasting & { tag: string }) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent {
  request: Request
  respondWith(answer: Promise<Response>): void
}
/** Put in by the build. */
declare const __SHELL__: PrecacheEntry[]

const worker = self as unknown as WorkerScope
/** Beyond it the page opens from the phone: a market's network often takes a request and never answers. */
const PATIENCE_MS = 4_000
/** Opened without a connection; signing in needs one, but the page says so itself. */
const OFFLINE_PAGES = /^\/survey(\/|$)/

precache(__SHELL__)
cleanupOutdatedCaches()
worker.addEventListener('install', () => void worker.skipWaiting())
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))

worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin !== location.origin || event.request.method !== 'GET') return
  if (event.request.mode === 'navigate') {
    if (OFFLINE_PAGES.test(pathname)) event.respondWith(page(event.request))
  } else if (pathname.startsWith('/assets/')) event.respondWith(file(event.request))
})
worker.addEventListener('sync', (event) => {
  event.waitUntil(
    sendKept().then((sent) => {
      // The browser tries again by itself.
      if (sent === 'later') throw new Error('the server did not answer')
    }),
  )
})

async function page(request: Request): Promise<Response> {
  const kept = () => matchPrecache('/index.html')
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    // A gateway whose server is away answers for it.
    return answer.status < 500 ? answer : ((await kept()) ?? answer)
  } catch (error) {
    const page = await kept()
    if (page === undefined) throw error
    return page
  }
}
/** Built files carry their content's hash in their name: one that is kept is the right one. */
const file = async (request: Request): Promise<Response> =>
  (await matchPrecache(request)) ?? (await fetch(request))
