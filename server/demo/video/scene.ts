import { chance } from '../chance.ts'

/** Pixels of every picture and of the video. */
export const WIDTH = 480
export const HEIGHT = 270

const HORIZON = 150
const ROAD = 176
/** Vehicles of one lane: all as fast, one at most in each slot of time, so that none runs into another. */
interface Lane {
  name: string
  /** where its wheels are, px from above */
  y: number
  /** px a second; to the left where negative */
  speed: number
  slotSeconds: number
}
const LANES: readonly Lane[] = [
  { name: 'far', y: 196, speed: -52, slotSeconds: 2.6 },
  { name: 'middle', y: 222, speed: 64, slotSeconds: 2.2 },
  { name: 'near', y: 254, speed: 86, slotSeconds: 2 },
]
const LONGEST = 84
const PAINTS = [
  '#b3261e',
  '#f2f2ef',
  '#1f4e8c',
  '#d9a520',
  '#2c2f33',
  '#7d8790',
  '#256d3f',
  '#e8e3d3',
] as const
const WALLS = [
  '#d8c3a5',
  '#b9cdbd',
  '#e3d3b3',
  '#c7b2c9',
  '#a9bfd1',
  '#dcb8a2',
  '#cfd3c4',
  '#c2a58a',
] as const
const ROOFS = ['#8c4a34', '#6f3b2f', '#9a5a3c', '#54504c'] as const
const DEMO = [
  ['XX.', 'X.X', 'X.X', 'X.X', 'XX.'],
  ['XXX', 'X..', 'XX.', 'X..', 'XXX'],
  ['X...X', 'XX.XX', 'X.X.X', 'X...X', 'X...X'],
  ['XXX', 'X.X', 'X.X', 'X.X', 'XXX'],
] as const

/**
 * A street with traffic, as SVG of 480 x 270: a pure function of the camera's seed and of the time in seconds. Nothing in
 * it needs a font. It says DEMO.
 */
export function sceneSvg(seed: number, seconds: number): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    sky(seed, seconds),
    houses(seed),
    road(),
    ...LANES.map((lane) => traffic(seed, lane, seconds)),
    word(),
    '</svg>',
  ].join('')
}

const rect = (x: number, y: number, width: number, height: number, fill: string, more = '') =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${fill}"${more}/>`
const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${rx}" ry="${ry}" fill="${fill}"${more}/>`
const pick = <T>(choice: readonly [T, ...T[]], part: number): T =>
  choice[Math.floor(part * choice.length)] ?? choice[0]

function sky(seed: number, seconds: number): string {
  const hue = 195 + chance(seed, 'sky') * 25
  const clouds = Array.from({ length: 4 }, (_, index) => {
    const [x, y] = [chance(seed, 'cloud', index) * 640, 34 + chance(seed, 'height', index) * 50]
    const width = 34 + chance(seed, 'width', index) * 40
    return ellipse(((x + seconds * 1.5) % 640) - 80, y, Math.round(width), 9, '#ffffff', ' opacity="0.7"')
  })
  return `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue.toFixed(0)},52%,52%)"/><stop offset="1" stop-color="hsl(${hue.toFixed(0)},45%,86%)"/></linearGradient></defs>${rect(0, 0, WIDTH, HORIZON + 30, 'url(#s)')}${clouds.join('')}`
}

function houses(seed: number): string {
  const parts: string[] = []
  for (let x = -20, index = 0; x < WIDTH; index += 1) {
    const at = (what: string) => chance(seed, what, index)
    const [width, height] = [44 + at('house') * 46, 34 + at('storeys') * 52]
    const top = HORIZON + 14 - height
    parts.push(rect(x, top, width, height + 12, pick(WALLS, at('wall'))))
    parts.push(rect(x - 3, top - 7, width + 6, 9, pick(ROOFS, at('roof'))))
    for (let y = top + 10; y < HORIZON - 8; y += 20)
      for (let w = x + 8; w < x + width - 12; w += 18) parts.push(rect(w, y, 9, 11, '#46535e'))
    parts.push(rect(x + width / 2 - 5, HORIZON + 4, 11, 22, '#5d4433'))
    if (at('tree') < 0.4) {
      parts.push(rect(x + width - 3, HORIZON - 6, 5, 34, '#5a4630'))
      parts.push(ellipse(x + width, HORIZON - 18, 15, 19, '#3f7a45'))
    }
    x += width + 2
  }
  return parts.join('')
}

function road(): string {
  const dashes = (y: number) =>
    Array.from({ length: 13 }, (_, index) => rect(index * 40 - 6, y, 20, 2, '#e9e7da')).join('')
  return [
    rect(0, HORIZON + 24, WIDTH, ROAD - HORIZON - 24, '#b8b3a8'),
    rect(0, ROAD, WIDTH, HEIGHT - ROAD, '#565a5e'),
    rect(0, ROAD, WIDTH, 2, '#dedacb'),
    dashes(201),
    dashes(228),
  ].join('')
}

/** Everything that has driven into the picture and not yet out of it. */
function traffic(seed: number, lane: Lane, seconds: number): string {
  const { name, slotSeconds, speed, y } = lane
  const crossing = (WIDTH + 2 * LONGEST) / Math.abs(speed)
  const [first, last] = [Math.floor((seconds - crossing) / slotSeconds), Math.floor(seconds / slotSeconds)]
  const parts: string[] = []
  for (let slot = first; slot <= last; slot += 1) {
    const at = (what: string) => chance(seed, name, what, slot)
    if (at('comes') > 0.72) continue
    const driven = (seconds - slot * slotSeconds - at('late') * 0.4) * Math.abs(speed)
    const x = speed > 0 ? driven - LONGEST : WIDTH + LONGEST - driven
    parts.push(
      at('kind') < 0.45
        ? motorbike(x, y, pick(PAINTS, at('paint')), pick(PAINTS, at('shirt')))
        : car(x, y, pick(PAINTS, at('paint')), at('size'), speed > 0),
    )
  }
  return parts.join('')
}

function car(x: number, y: number, paint: string, size: number, toRight: boolean): string {
  const length = 46 + size * 34
  const height = size > 0.6 ? 17 : 11
  const cabin = toRight ? x + 7 : x + 9
  return [
    ellipse(x + length / 2, y + 5, Math.round(length / 2), 3, '#000000', ' opacity="0.3"'),
    rect(cabin, y - 13 - height, length - 16, height + 3, paint, ' rx="5"'),
    rect(cabin + 4, y - 10 - height, length - 24, height - 3, '#27323a', ' rx="3"'),
    rect(x, y - 13, length, 14, paint, ' rx="4"'),
    rect(toRight ? x + length - 4 : x, y - 10, 4, 4, '#fff3b0'),
    ellipse(x + 11, y + 2, 5, 5, '#17181a'),
    ellipse(x + length - 11, y + 2, 5, 5, '#17181a'),
  ].join('')
}

const motorbike = (x: number, y: number, paint: string, shirt: string): string =>
  [
    ellipse(x + 5, y + 1, 5, 5, '#17181a'),
    ellipse(x + 22, y + 1, 5, 5, '#17181a'),
    rect(x + 4, y - 8, 19, 6, paint, ' rx="2"'),
    rect(x + 9, y - 21, 8, 14, shirt, ' rx="3"'),
    ellipse(x + 13, y - 25, 5, 5, '#2b2b2b'),
  ].join('')

function word(): string {
  const size = 4
  let x = 10
  const parts = [rect(4, 4, 78, 28, '#000000', ' opacity="0.55"')]
  for (const letter of DEMO) {
    letter.forEach((line, row) =>
      [...line].forEach((dot, column) => {
        if (dot === 'X') parts.push(rect(x + column * size, 8 + row * size, size, size, '#ffffff'))
      }),
    )
    x += (letter[0].length + 1) * size
  }
  return parts.join('')
}
