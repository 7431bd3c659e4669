import { reloadPage } from '../../live/reload.ts'

const WORKER = '/sw.js'

/**
 * Lets the survey's pages open without a connection. Where a new worker takes over, a page of an older version is loaded
 * anew, so that old and new files are never mixed. Browsers know workers on secure pages only (https, or the machine itself).
 */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || watching) return
  watching = true
  let replaced = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker that takes a page over is of its own version.
    if (replaced) void reloadIfOld()
    replaced = true
  })
  await navigator.serviceWorker.register(WORKER)
}
let watching = false

async function reloadIfOld(): Promise<void> {
  const entry = document.querySelector<HTMLScriptElement>('script[type="module"][src]')
  const served = await fetch('/', { cache: 'no-store' }).then((answer) => answer.text())
  if (entry !== null && !served.includes(new URL(entry.src).pathname)) await reloadPage()
}
