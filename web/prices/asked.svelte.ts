import { live } from '../live/live.svelte.ts'
import { get } from '../live/api.ts'

const SETTLE_MS = 500

/**
 * What a page asks for, loaded again when the address changes and when prices do. While it is loaded anew the page keeps
 * what it has. Call it while a component is set up.
 * @param path what to ask for; undefined: nothing yet
 */
export function asked<T>(path: () => string | undefined): {
  readonly value: T | null
  readonly error: unknown
  retry(): void
} {
  let value = $state.raw<T | null>(null)
  let error = $state<unknown>(null)
  let shown = ''
  let turn = 0
  const load = async (from: string | undefined) => {
    if (from === undefined) return
    const mine = (turn += 1)
    // Another thing: what stands there would be taken for it.
    if (shown !== '' && shown !== from) value = null
    try {
      const answer = await get<T>(from)
      if (mine !== turn) return
      value = answer
      shown = from
      error = null
    } catch (cause) {
      if (mine === turn) error = cause
    }
  }
  $effect(() => void load(path()))
  $effect(() => live.watch(['prices']))
  $effect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined
    const stop = live.prices.onChange(() => {
      soon ??= setTimeout(() => {
        soon = undefined
        void load(path())
      }, SETTLE_MS)
    })
    return () => {
      clearTimeout(soon)
      stop()
    }
  })
  return {
    get value() {
      return value
    },
    get error() {
      return error
    },
    retry: () => void load(path()),
  }
}
