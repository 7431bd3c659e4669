import type { AnnotationOptions, AnnotationPluginOptions } from 'chartjs-plugin-annotation'
import { variable } from './colors.ts'
import { dayNumber } from './series.ts'

/** What a chart marks: a season or a feast as a band, a new rule or the last known day as a line. */
export interface Mark {
  kind: 'season' | 'feast' | 'rule' | 'today'
  from: string
  to: string
  label: string
}

/** Bands narrower than that carry no label: they would lie over each other. */
const LABEL_DAYS = { season: 400, feast: 800, rule: 4_000, today: 40_000 }
const COLORS = { season: 'accent', feast: 'series-2', rule: 'down', today: 'muted' }

function annotationOf(mark: Mark, shownDays: number): AnnotationOptions {
  const color = variable(COLORS[mark.kind])
  const label = {
    display: shownDays <= LABEL_DAYS[mark.kind],
    content: mark.label,
    position: 'start' as const,
    color: variable('text'),
    backgroundColor: `${variable('surface')}d0`,
    font: { size: 11, weight: 'normal' as const },
    padding: 3,
  }
  const [from, to] = [dayNumber(mark.from), dayNumber(mark.to)]
  if (mark.kind === 'season' || mark.kind === 'feast')
    return {
      type: 'box',
      xMin: from,
      xMax: to + 1,
      backgroundColor: `${color}${mark.kind === 'season' ? '14' : '38'}`,
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      label: { ...label, position: { x: 'start', y: mark.kind === 'season' ? 'start' : 'end' } },
    }
  return {
    type: 'line',
    xMin: from,
    xMax: from,
    borderColor: color,
    borderWidth: 1,
    borderDash: [4, 4],
    drawTime: 'beforeDatasetsDraw',
    label,
  }
}

/** The plugin's options for the marks that lie between two days (numbers since 1970). */
export function annotationsOf(marks: readonly Mark[], min: number, max: number): AnnotationPluginOptions {
  const seen = marks.filter(({ from, to }) => dayNumber(to) >= min && dayNumber(from) <= max)
  return {
    clip: true,
    annotations: Object.fromEntries(seen.map((mark, index) => [`${index}`, annotationOf(mark, max - min)])),
  }
}
