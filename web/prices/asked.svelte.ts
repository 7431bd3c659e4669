import { live } from '../live/live.svelte.ts'
import { reading, type Reading } from './status/reading.svelte.ts'

const SETTLE_MS = 500

/**
 * What a page of prices asks for: read anew when the address changes and when prices do. Call it while a component is set up.
 * @param path what to ask for; null: nothing yet
 */
export function asked<T>(path: () => string | null): Reading<T> {
  const made = reading<T>(path)
  $effect(() => live.watch(['prices']))
  $effect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined
    const stop = live.prices.onChange(() => {
      soon ??= setTimeout(() => {
        soon = undefined
        void made.load()
      }, SETTLE_MS)
    })
    return () => {
      clearTimeout(soon)
      stop()
    }
  })
  return made
}
