import type { Plugin } from 'chart.js'
import { variable } from './colors.ts'
import { lineFor } from './labels.ts'
import { dayNumber } from './series.ts'

/** What a chart marks: a season or a feast as a band, a new rule or the last known day as a line. */
export interface Mark {
  kind: 'season' | 'feast' | 'rule' | 'today'
  from: string
  to: string
  label: string
}

/** Over more days than that marks carry no label: they would lie over each other. */
const LABEL_DAYS = { season: 400, feast: 800, rule: 4_000, today: 40_000 }
const COLORS = { season: 'accent', feast: 'series-2', rule: 'down', today: 'muted' }
const ALPHA = { season: 0.1, feast: 0.25, rule: 1, today: 1 }
const FONT = 11
const LINE = FONT + 3

/** Draws the marks behind the lines. A plugin of its own: the one that is made for it weighs as much as the page. */
export const marksPlugin = (marks: () => readonly Mark[]): Plugin<'line'> => ({
  id: 'marks',
  beforeDatasetsDraw({ ctx, chartArea: { left, right, top, bottom }, scales: { x } }) {
    if (x === undefined) return
    // Asked once a frame, not once a mark: ten years have fifty of them.
    const colorOf = once(variable)
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, top, right - left, bottom - top)
    ctx.clip()
    ctx.font = `${FONT}px ${getComputedStyle(document.body).fontFamily}`
    const ends = { top: [] as number[], bottom: [] as number[] }
    for (const { kind, from, to, label } of marks().toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
      const [first, last] = [dayNumber(from), dayNumber(to) + 1]
      if (last < x.min || first > x.max) continue
      const start = x.getPixelForValue(first)
      const band = kind === 'season' || kind === 'feast'
      ctx.globalAlpha = ALPHA[kind]
      ctx.fillStyle = colorOf(COLORS[kind])
      ctx.fillRect(start, top, band ? Math.max(1, x.getPixelForValue(last) - start) : 1, bottom - top)
      ctx.globalAlpha = 1
      if (x.max - x.min > LABEL_DAYS[kind]) continue
      ctx.fillStyle = colorOf('text')
      // Feasts follow their season: their names stand at the other end.
      const side = kind === 'feast' ? 'bottom' : 'top'
      const line = LINE * lineFor(ends[side], start + 4, ctx.measureText(label).width)
      ctx.fillText(label, start + 4, side === 'bottom' ? bottom - 6 - line : top + FONT + 2 + line)
    }
    ctx.restore()
  },
})

/** The function's answers, kept. */
function once(of: (name: string) => string): (name: string) => string {
  const kept = new Map<string, string>()
  return (name) => {
    const found = kept.get(name) ?? of(name)
    kept.set(name, found)
    return found
  }
}
