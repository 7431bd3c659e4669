import { variable } from '../../charts/colors.ts'
import type { Line } from './heat.ts'

export const ROW = 16
export const TOP = 24
/** Width of the names beside the map: a third on a phone. */
export const gutter = (width: number): number => Math.min(220, Math.round(width * 0.34))

export interface Cell {
  line: number
  hour: number
}
export interface Scene {
  lines: readonly Line[]
  hours: readonly number[]
  /** px that are scrolled away above */
  scrolled: number
  width: number
  height: number
  at: Cell | null
  nameOf: (cameraId: number) => string
  ticks: readonly { at: number; text: string }[]
}

const HOUR = 3_600_000
const cellWidth = ({ width, hours }: Pick<Scene, 'width' | 'hours'>) =>
  (width - gutter(width)) / Math.max(1, hours.length)

/** Which cell lies under a point of the canvas; null beside all of them. */
export function cellAt(
  scene: Pick<Scene, 'width' | 'hours' | 'scrolled' | 'lines'>,
  x: number,
  y: number,
): Cell | null {
  const line = Math.floor((y - TOP + scene.scrolled) / ROW)
  const hour = Math.min(scene.hours.length - 1, Math.floor((x - gutter(scene.width)) / cellWidth(scene)))
  if (y < TOP || line < 0 || line >= scene.lines.length || x > scene.width) return null
  return { line, hour: Math.max(-1, hour) }
}

/** Draws what is in sight only: thousands of rows cost no more than a screen of them. */
export function draw(context: CanvasRenderingContext2D, scene: Scene): void {
  const { lines, hours, scrolled, width, height, at } = scene
  const [text, muted, line, unknown, down, accent, ground] = [
    'text',
    'muted',
    'line',
    'unknown',
    'down',
    'accent',
    'raised',
  ].map(variable) as [string, string, string, string, string, string, string]
  const left = gutter(width)
  const cell = cellWidth(scene)
  context.clearRect(0, 0, width, height)
  context.font = '12px "Inter Variable", sans-serif'
  context.textBaseline = 'middle'
  const first = Math.max(0, Math.floor(scrolled / ROW))
  const last = Math.min(lines.length, Math.ceil((scrolled + height - TOP) / ROW))
  for (let index = first; index < last; index += 1) {
    const y = TOP + index * ROW - scrolled
    const one = lines[index]
    if (one === undefined) continue
    if (one.kind === 'heading') {
      context.fillStyle = text
      context.font = '600 12px "Inter Variable", sans-serif'
      context.fillText(one.text, 4, y + ROW / 2, width - 8)
      context.font = '12px "Inter Variable", sans-serif'
      continue
    }
    context.fillStyle = ground
    context.fillRect(left, y + 1, width - left, ROW - 2)
    one.row.down.forEach((share, hour) => {
      if (share === 0) return
      const x = left + hour * cell
      context.globalAlpha = share === null ? 0.3 : 0.18 + 0.82 * share
      context.fillStyle = share === null ? unknown : down
      // What is not known is half as high: told by shape as well as by colour.
      const tall = share === null ? 3 : ROW - 2
      context.fillRect(x, y + 1 + (ROW - 2 - tall) / 2, Math.max(1, cell - (cell > 4 ? 1 : 0)), tall)
    })
    context.globalAlpha = 1
    context.fillStyle = at?.line === index ? text : muted
    context.fillText(shortened(context, scene.nameOf(one.row.cameraId), left - 10), 4, y + ROW / 2)
  }
  context.clearRect(0, 0, width, TOP)
  const from = hours[0] ?? 0
  context.fillStyle = muted
  context.strokeStyle = line
  context.lineWidth = 1
  for (const tick of scene.ticks) {
    const x = left + ((tick.at - from) / HOUR) * cell
    context.beginPath()
    context.moveTo(x, TOP - 5)
    context.lineTo(x, height)
    context.globalAlpha = 0.5
    context.stroke()
    context.globalAlpha = 1
    context.fillText(tick.text, x + 3, TOP / 2)
  }
  if (at !== null) cross(context, scene, at, accent)
}

function cross(context: CanvasRenderingContext2D, scene: Scene, at: Cell, color: string): void {
  const left = gutter(scene.width)
  const y = TOP + at.line * ROW - scene.scrolled
  context.strokeStyle = color
  context.lineWidth = 1.5
  context.strokeRect(left, y + 0.5, scene.width - left - 1, ROW - 1)
  if (at.hour < 0) return
  const cell = cellWidth(scene)
  context.strokeRect(left + at.hour * cell - 0.5, TOP, Math.max(3, cell), scene.height - TOP)
}

function shortened(context: CanvasRenderingContext2D, name: string, room: number): string {
  if (context.measureText(name).width <= room) return name
  let [fits, breaks] = [0, name.length]
  while (fits + 1 < breaks) {
    const middle = (fits + breaks) >> 1
    if (context.measureText(`${name.slice(0, middle)}…`).width <= room) fits = middle
    else breaks = middle
  }
  return `${name.slice(0, fits)}…`
}
