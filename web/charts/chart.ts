import {
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartDataset,
  type TooltipItem,
} from 'chart.js'
import zoom from 'chartjs-plugin-zoom'
import type { Attachment } from 'svelte/attachments'
import { dayOfNumber, type Point } from './series.ts'

Chart.register(
  CategoryScale,
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  Filler,
  Tooltip,
  Decimation,
  zoom,
)

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
  quiet?: boolean
}
export interface ChartOptions {
  lines: readonly Line[]
  price: (value: number) => string
  day: (day: string) => string
  /** makes the chart draw itself anew in other colours */
  theme: string
}

const variable = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

function datasetOf(line: Line): ChartDataset<'line', Point[]> {
  const color = variable(line.color)
  return {
    label: line.label,
    data: [...line.points],
    borderColor: color,
    backgroundColor: `${color}30`,
    borderWidth: line.width,
    pointRadius: 0,
    pointHitRadius: 6,
    spanGaps: false,
    stepped: line.stepped === true ? 'after' : false,
    fill: line.band === true ? '-1' : false,
    borderDash: line.dashed === true ? [6, 4] : [],
    segment: {
      // What was carried or imputed looks different from what was reported.
      borderDash: ({ p1 }) =>
        (p1 as unknown as { raw: Point }).raw?.status === 'imputed' ? [2, 3] : undefined,
    },
  }
}

/** Chart.js behind one attachment: made once per element, drawn anew when its options change. */
export function priceChart(
  options: () => ChartOptions,
  made: (reset: () => void) => void,
): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const { lines, price, day } = options()
    const quiet = new Set(lines.filter((line) => line.quiet === true).map((line) => line.label))
    const text = variable('muted')
    const grid = `${variable('line')}80`
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: lines.map(datasetOf) },
      options: {
        parsing: false,
        animation: false,
        normalized: true,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        scales: {
          x: {
            type: 'linear',
            grid: { color: grid },
            ticks: { color: text, maxTicksLimit: 8, callback: (value) => day(dayOfNumber(Number(value))) },
          },
          y: { grid: { color: grid }, ticks: { color: text, callback: (value) => price(Number(value)) } },
        },
        plugins: {
          legend: { display: false },
          decimation: { enabled: true, algorithm: 'lttb', samples: 800, threshold: 2_000 },
          tooltip: {
            filter: (item) => !quiet.has(item.dataset.label ?? ''),
            callbacks: {
              title: (items: TooltipItem<'line'>[]) =>
                items[0] === undefined ? '' : day(dayOfNumber(Number(items[0].parsed.x))),
              label: (item: TooltipItem<'line'>) => `${item.dataset.label}: ${price(Number(item.parsed.y))}`,
            },
          },
          zoom: {
            pan: { enabled: true, mode: 'x' },
            zoom: { wheel: { enabled: true }, pinch: { enabled: true }, mode: 'x' },
          },
        },
      },
    })
    made(() => chart.resetZoom())
    return () => chart.destroy()
  }
}
