import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartDataset,
  type ChartOptions as Settings,
  type ScriptableLineSegmentContext,
} from 'chart.js'
import zoom from 'chartjs-plugin-zoom'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { variable } from './colors.ts'
import { marksPlugin, type Mark } from './marks.ts'
import { pictureOf } from './picture.ts'
import { dayOfNumber, dayTicks, isGuess, lonePoints, thin, type Point } from './series.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler, Tooltip, zoom)

const MOST_POINTS = 600
const NEAREST_DAYS = 7
/** without a further zoom: every day is drawn then */
const CALM_MS = 250

export interface Line {
  label: string
  points: readonly Point[]
  /** a CSS variable's name */
  color: string
  width: number
  stepped?: boolean
  dashed?: boolean
  /** draws the area down to the line before it */
  band?: boolean
  /** not named in the tooltip */
  quiet?: boolean
}
export interface ChartOptions {
  lines: readonly Line[]
  /** first and last day of the window, so that it does not shrink to the days with a price */
  from: string
  to: string
  price: (value: number) => string
  day: (day: string) => string
  tick: (day: string, unit: 'day' | 'month' | 'year') => string
  /** what else the tooltip says of a day */
  notes: (day: string) => string[]
  marks?: readonly Mark[]
  /** what the y axis says; left out: prices */
  scale?: (value: number) => string
}
export interface ChartHandle {
  /** draws the options as they are now, in the theme's colours; the zoom stays */
  show(): void
  reset(): void
  zoom(factor: number): void
  /** moves the tooltip by so many reported days and answers with what it says */
  step(days: number): string
  /** the chart as it is now, as PNG */
  picture(heading: string, notes: readonly string[]): Promise<Blob>
}

function datasetOf(line: Line, min: number, max: number): ChartDataset<'line', Point[]> {
  const color = variable(line.color)
  const data = thin(line.points, min, max, MOST_POINTS)
  const lone = lonePoints(data)
  // What was carried or imputed looks different from what was reported.
  const dash = ({ p1DataIndex }: ScriptableLineSegmentContext) =>
    isGuess(data[p1DataIndex]?.status) ? [2, 4] : undefined
  return {
    label: line.label,
    data,
    borderColor: color,
    backgroundColor: line.band === true ? `${color}30` : color,
    borderWidth: line.width,
    // A list makes Chart.js ask for every point; one number is asked for once.
    pointRadius: line.width === 0 || !lone.includes(true) ? 0 : lone.map((alone) => (alone ? line.width : 0)),
    pointHoverRadius: line.width === 0 ? 0 : 4,
    spanGaps: false,
    stepped: line.stepped === true ? 'after' : false,
    fill: line.band === true ? '-1' : false,
    borderDash: line.dashed === true ? [6, 4] : [],
    ...(data.some(({ status }) => isGuess(status)) ? { segment: { borderDash: dash } } : {}),
  }
}

function settingsOf(options: ChartOptions, zoomed: () => void): Settings<'line'> {
  const { lines, price, day, tick, notes, scale = price } = options
  const quiet = new Set(lines.filter((line) => line.quiet === true).map((line) => line.label))
  const text = variable('muted')
  const grid = { color: `${variable('line')}80` }
  return {
    parsing: false,
    animation: false,
    normalized: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: 'linear',
        grid,
        afterBuildTicks: (scale) => {
          const room = Math.max(2, Math.floor(scale.width / 110))
          scale.ticks = dayTicks(scale.min, scale.max, room).days.map((value) => ({ value }))
        },
        ticks: {
          color: text,
          maxRotation: 0,
          autoSkip: false,
          callback(value) {
            const room = Math.max(2, Math.floor(this.width / 110))
            return tick(dayOfNumber(Number(value)), dayTicks(this.min, this.max, room).unit)
          },
        },
      },
      y: { grid, grace: '5%', ticks: { color: text, callback: (value) => scale(Number(value)) } },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: variable('raised'),
        titleColor: variable('text'),
        bodyColor: variable('text'),
        footerColor: variable('muted'),
        footerFont: { weight: 'normal' },
        borderColor: variable('border'),
        borderWidth: 1,
        filter: (item) => !quiet.has(item.dataset.label ?? ''),
        callbacks: {
          title: ([item]) => (item === undefined ? '' : day(dayOfNumber(Number(item.parsed.x)))),
          label: (item) => `${item.dataset.label}: ${price(Number(item.parsed.y))}`,
          footer: ([item]) => (item === undefined ? '' : notes(dayOfNumber(Number(item.parsed.x)))),
        },
      },
      zoom: {
        limits: { x: { min: 'original', max: 'original', minRange: NEAREST_DAYS } },
        zoom: {
          mode: 'x',
          // A bare wheel scrolls the page; a touchpad's pinch arrives as Ctrl with the wheel.
          wheel: { enabled: true, modifierKey: 'ctrl' },
          drag: { enabled: true, backgroundColor: `${variable('accent')}40` },
          pinch: { enabled: true },
          // Its onZoomComplete comes after every turn of a wheel, not after the last (chartjs-plugin-zoom issue 677).
          onZoom: zoomed,
        },
      },
    },
  }
}

/** Chart.js behind one attachment: made once per element; the handle draws what the options are by then. */
export function priceChart(
  options: () => ChartOptions,
  made: (handle: ChartHandle | null) => void,
): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [marksPlugin(() => untrack(options).marks ?? [])],
    })
    const limits = ({ from, to }: ChartOptions) => ({
      min: Date.parse(from) / 86_400_000,
      max: Date.parse(to) / 86_400_000,
    })
    let window = { min: 0, max: 0 }
    const fill = (min: number, max: number) => {
      chart.data.datasets = untrack(options).lines.map((line) => datasetOf(line, min, max))
    }
    let calm: ReturnType<typeof setTimeout> | undefined
    // Zoomed in there is room for every day again.
    const redraw = () => {
      clearTimeout(calm)
      const { min, max } = chart.scales.x ?? window
      fill(min, max)
      chart.update('none')
    }
    const redrawSoon = () => {
      clearTimeout(calm)
      calm = setTimeout(redraw, CALM_MS)
    }
    const show = () => {
      const now = untrack(options)
      const next = limits(now)
      const zoomed = chart.scales.x !== undefined && chart.isZoomedOrPanned()
      const kept = zoomed ? { min: chart.scales.x?.min, max: chart.scales.x?.max } : undefined
      if (zoomed) chart.resetZoom('none')
      window = next
      const settings = settingsOf(now, redrawSoon)
      Object.assign(settings.scales?.x ?? {}, next)
      chart.options = settings
      fill(kept?.min ?? next.min, kept?.max ?? next.max)
      chart.update('none')
      const { min, max } = kept ?? {}
      if (min !== undefined && max !== undefined) chart.zoomScale('x', { min, max }, 'none')
      clearTimeout(calm)
    }
    let at: number | undefined
    show()
    made({
      show,
      reset: () => {
        chart.resetZoom('none')
        redraw()
      },
      zoom: (factor) => {
        chart.zoom(factor, 'none')
        redraw()
      },
      step: (days) => {
        const place = chart.data.datasets.length - 1
        const data = chart.data.datasets[place]?.data ?? []
        const known = data.flatMap(({ y }, index) => (y === null ? [] : [index]))
        at = Math.min(known.length - 1, Math.max(0, at === undefined ? known.length - 1 : at + days))
        const index = known[at]
        const point = index === undefined ? undefined : data[index]
        if (index === undefined || point === undefined || point.y === null) return ''
        const active = [{ datasetIndex: place, index }]
        chart.setActiveElements(active)
        chart.tooltip?.setActiveElements(active, { x: 0, y: 0 })
        chart.update('none')
        const { day, price } = untrack(options)
        return `${day(dayOfNumber(point.x))}: ${price(point.y)}`
      },
      picture: (heading, lines) => pictureOf(canvas, heading, lines),
    })
    return () => {
      made(null)
      clearTimeout(calm)
      chart.destroy()
    }
  }
}
