import { setTimeout as sleep } from 'node:timers/promises'
import type { Postmaster } from './cluster.ts'

export interface Supervised {
  pid(): number | undefined
  stop(): Promise<void>
}

/** Keeps a postmaster running: one that ends unasked is started again at once, then ever less eagerly. */
export function supervise(
  first: Postmaster,
  actions: {
    start(): Promise<Postmaster>
    halt(postmaster: Postmaster): Promise<void>
    onDown?: (() => void) | undefined
    onUp?: (() => void) | undefined
    onProgress(step: string): void
  },
): Supervised {
  let current: Postmaster | undefined = first
  const stopping = new AbortController()
  const watching = watch()

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted && current) {
      await current.gone
      if (stopping.signal.aborted) return
      current = undefined
      actions.onDown?.()
      current = await startAgain()
      if (current && !stopping.signal.aborted) actions.onUp?.()
    }
  }

  async function startAgain(): Promise<Postmaster | undefined> {
    let told = ''
    for (let pause = 200; !stopping.signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await actions.start()
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        if (reason !== told) actions.onProgress(reason)
        told = reason
        // Broken off when the database is to stop, which the loop sees.
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    stopping.abort()
    if (current) await actions.halt(current)
    await watching
    if (current) await actions.halt(current) // one that was just being started
    current = undefined
  }

  return {
    pid: () => current?.pid,
    stop: () => (stopped ??= stop()),
  }
}
