import { setImmediate } from 'node:timers/promises'

/** Long work in turns: it yields wherever something else may be done meanwhile. */
export type Turns<T> = Generator<undefined, T>

/** Does all turns at once, of what is known to be little. */
export function atOnce<T>(work: Turns<T>): T {
  for (;;) {
    const turn = work.next()
    if (turn.done === true) return turn.value
  }
}

/** Does turn by turn and lets the live pages have theirs between. */
export async function inTurns<T>(work: Turns<T>): Promise<T> {
  for (;;) {
    const turn = work.next()
    if (turn.done === true) return turn.value
    await setImmediate()
  }
}
