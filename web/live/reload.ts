const RELOADED = 'reloaded-at'
const AT_MOST_EVERY_MS = 60_000
let asking = false

/**
 * A new version of the server brings a new page; not more often than once a minute, should both disagree for good.
 * The server is asked first: a page that is reloaded while nobody answers would stay an error page.
 */
export async function reloadPage(): Promise<void> {
  if (asking || Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < AT_MOST_EVERY_MS) return
  asking = true
  const there = await fetch(location.href, { cache: 'no-store' }).then(
    (answer) => answer.ok,
    () => false, // the next heartbeat asks again
  )
  asking = false
  if (!there) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  location.reload()
}
