import type { CameraState } from '#contract/camera.ts'

/** What one reading says, for as long as it speaks. Times are ms since 1970. */
export interface Observed {
  at: number
  state: CameraState
  /** after this the camera's silence makes it unknown: at + the feed's hold */
  silentAfter: number
}
export interface Transition {
  at: number
  state: CameraState
}

/**
 * The transitions that observations in order of time cause: a state holds until the next observation, or until
 * `silentAfter`, whichever comes first; silence is unknown. Before the first observation the camera is unknown.
 * @param until ms; silence that begins before it is written down
 * @param before the state in force just before the first observation
 */
export function transitionsOf(
  observed: readonly Observed[],
  until: number,
  before: CameraState = 'unknown',
): Transition[] {
  const transitions: Transition[] = []
  let current = before
  const change = (at: number, state: CameraState) => {
    if (state === current) return
    transitions.push({ at, state })
    current = state
  }
  observed.forEach((observation, index) => {
    change(observation.at, observation.state)
    const next = observed[index + 1]?.at ?? until
    if (next > observation.silentAfter) change(observation.silentAfter, 'unknown')
  })
  return transitions
}

/** Milliseconds that each state held in [from, to), from transitions in order of time. */
export function timeInStates(
  transitions: readonly Transition[],
  from: number,
  to: number,
  before: CameraState = 'unknown',
): Record<CameraState, number> {
  const held: Record<CameraState, number> = {
    up: 0,
    degraded: 0,
    down: 0,
    unknown: 0,
    maintenance: 0,
    unreachable: 0,
  }
  let state = before
  let since = from
  for (const transition of transitions) {
    if (transition.at >= to) break
    if (transition.at > since) {
      held[state] += transition.at - since
      since = transition.at
    }
    state = transition.state
  }
  if (to > since) held[state] += to - since
  return held
}

/**
 * Availability = (up + degraded) / (up + degraded + down); unknown and planned time count on neither side.
 * Null where the camera was neither seen working nor failing.
 */
export function availability(held: { up: number; degraded: number; down: number }): number | null {
  const working = held.up + held.degraded
  return working + held.down === 0 ? null : working / (working + held.down)
}
