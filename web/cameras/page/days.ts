import type { CameraPage } from '#contract/camera-page.ts'
import type { StateSpan } from '#contract/camera.ts'

export type DayTime = CameraPage['days'][number]
type Seen = Pick<DayTime, 'up' | 'degraded' | 'down'>
/** A day's shade: without a failure, with a short one, and so on; `none`: nobody knows. */
export type Shade = 'whole' | 'good' | 'fair' | 'poor' | 'none'

/** (up + degraded) / (up + degraded + down), 0..1; null where none of it was seen. */
export function availability({ up, degraded, down }: Seen): number | null {
  const seen = up + degraded + down
  return seen === 0 ? null : (up + degraded) / seen
}

/** Availability over the last so many days together. */
export const overDays = (days: readonly DayTime[], count: number): number | null =>
  availability(
    days.slice(-count).reduce<Seen>(
      (sum, day) => ({
        up: sum.up + day.up,
        degraded: sum.degraded + day.degraded,
        down: sum.down + day.down,
      }),
      { up: 0, degraded: 0, down: 0 },
    ),
  )

/** Availability over spans of time, whichever lie among them. */
export function overSpans(spans: readonly StateSpan[]): number | null {
  const ms = (state: StateSpan['state']) =>
    spans
      .filter((span) => span.state === state)
      .reduce((sum, span) => sum + Date.parse(span.to) - Date.parse(span.from), 0)
  return availability({ up: ms('up'), degraded: ms('degraded'), down: ms('down') })
}

/** A day's shade by its availability: 99 % allows a quarter of an hour, 95 % somewhat more than an hour. */
export function shadeOf(share: number | null): Shade {
  if (share === null) return 'none'
  return share === 1 ? 'whole' : share >= 0.99 ? 'good' : share >= 0.95 ? 'fair' : 'poor'
}
