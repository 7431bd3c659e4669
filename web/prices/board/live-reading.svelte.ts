import { live } from '../../live/live.svelte.ts'
import { reading, type Reading } from '../status/reading.svelte.ts'

const SETTLE_MS = 300

/** Reads a path while the component is there, anew when it changes and when prices do. */
export function liveReading<T>(path: () => string | null): Reading<T> {
  const made = reading<T>(path)
  $effect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined
    const stops = [
      live.watch(['prices']),
      live.prices.onChange(() => {
        soon ??= setTimeout(() => {
          soon = undefined
          void made.load()
        }, SETTLE_MS)
      }),
    ]
    return () => {
      clearTimeout(soon)
      stops.forEach((stop) => stop())
    }
  })
  return made
}
