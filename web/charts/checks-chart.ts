import {
  BarController,
  BarElement,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from 'chart.js'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { CheckPoint } from '#contract/camera-page.ts'
import { variable } from './colors.ts'
import { hourTicks } from './hours.ts'

Chart.register(BarController, BarElement, LineController, LineElement, PointElement, LinearScale, Tooltip)

export interface ChecksOptions {
  points: readonly CheckPoint[]
  /** the window, ms */
  from: number
  to: number
  names: { latency: string; slowest: string; failures: string }
  hourOf: (ms: number) => number
  tick: (ms: number, days: boolean) => string
  title: (ms: number) => string
  ms: (value: number) => string
  /** failed of so many checks */
  failed: (point: CheckPoint) => string
}
export interface ChecksHandle {
  /** draws the options as they are now, in the theme's colours */
  show(): void
}

/** Latencies as lines, a gap where no check was timed; the share of failed checks as bars from below. */
function configuration(
  options: ChecksOptions,
): ChartConfiguration<'line' | 'bar', { x: number; y: number | null }[]> {
  const { points, from, to, names, hourOf, tick, title, ms, failed } = options
  const line = (key: 'latency' | 'slowest') =>
    points.map((point) => ({ x: Date.parse(point.at), y: point[key] }))
  const text = variable('muted')
  const grid = { color: `${variable('line')}80` }
  const shared = { pointRadius: 0, pointHoverRadius: 4, spanGaps: false, order: 0 }
  return {
    type: 'line',
    data: {
      datasets: [
        {
          ...shared,
          type: 'line',
          label: names.latency,
          data: line('latency'),
          borderColor: variable('accent'),
          borderWidth: 2,
        },
        {
          ...shared,
          type: 'line',
          label: names.slowest,
          data: line('slowest'),
          borderColor: variable('series-2'),
          borderWidth: 1,
          borderDash: [4, 3],
        },
        {
          type: 'bar',
          label: names.failures,
          data: points.map(({ at, checks, failures }) => ({
            x: Date.parse(at),
            y: checks === 0 ? null : failures / checks,
          })),
          backgroundColor: `${variable('down')}b0`,
          yAxisID: 'failures',
          order: 1,
          barThickness: 4,
          minBarLength: 0,
        },
      ],
    },
    options: {
      parsing: false,
      animation: false,
      normalized: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          min: from,
          max: to,
          grid,
          offset: false,
          afterBuildTicks: (scale) => {
            const most = Math.max(2, Math.floor(scale.width / 80))
            scale.ticks = hourTicks(from, to, most, hourOf).at.map((value) => ({ value }))
          },
          ticks: {
            color: text,
            maxRotation: 0,
            autoSkip: false,
            callback: (value) => tick(Number(value), to - from > 2 * 86_400_000),
          },
        },
        y: {
          beginAtZero: true,
          grid,
          grace: '5%',
          suggestedMax: 5,
          ticks: { color: text, precision: 0, callback: (value) => ms(Number(value)) },
        },
        failures: { position: 'right', min: 0, max: 1, display: false },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: variable('raised'),
          titleColor: variable('text'),
          bodyColor: variable('text'),
          borderColor: variable('border'),
          borderWidth: 1,
          filter: (item) => item.parsed.y !== null && !Number.isNaN(item.parsed.y),
          callbacks: {
            title: ([item]) => (item === undefined ? '' : title(Number(item.parsed.x))),
            label: (item) => {
              const point = points[item.dataIndex]
              if (item.datasetIndex === 2) return point === undefined ? '' : failed(point)
              return `${item.dataset.label}: ${ms(Number(item.parsed.y))}`
            },
          },
        },
      },
    },
  }
}

/** Chart.js behind one attachment: made once per element; the handle draws what the options are by then. */
export function checksChart(
  options: () => ChecksOptions,
  made: (handle: ChecksHandle | null) => void,
): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const chart = new Chart(canvas, configuration(untrack(options)))
    made({
      show: () => {
        const next = configuration(untrack(options))
        chart.data = next.data
        if (next.options !== undefined) chart.options = next.options
        chart.update('none')
      },
    })
    return () => {
      made(null)
      chart.destroy()
    }
  }
}
