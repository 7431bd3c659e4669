import type { Fault } from '#contract/camera.ts'
import {
  CELLS,
  differenceHash,
  distance,
  greysOf,
  middleOf,
  neighbours,
  share,
  sharpnessOf,
  shrink,
  type Greys,
  type Raster,
} from './raster.ts'

/** What is remembered of a camera's pictures; plain JSON of about 1 kB. `{}` is a camera that was never looked at. */
export interface SeenMemory {
  /** where the run of pictures without change began: its hash, and its grid of mean greys in base64 */
  hash?: string
  cells?: string
  /** how many pictures have not differed from that one since */
  unchanged?: number
  /** [sharpness, mean grey] of its own past, newest last, and when the last was taken, ms since 1970 */
  sharpness?: [sharpness: number, mean: number][]
  sharpnessAt?: number
  /** how many pictures in a row were out of focus */
  blurred?: number
}

export interface JudgeOptions {
  /** so many pictures without change are a frozen one; 0: the scene need not move */
  frozenPictures: number
  /** difference hashes of pictures that are known to stand for "no video" */
  placeholders: readonly string[]
}

export type PictureFault = Extract<
  Fault,
  'frozen' | 'black' | 'single-colour' | 'out-of-focus' | 'placeholder'
>

/** Up to so many bits two pictures may be variations of one another; more, and they are different (Krawetz, see differenceHash). */
const SAME_HASH = 10
/** A placeholder is drawn, not filmed: it comes again as good as bit by bit. */
const KNOWN_HASH = 2
/** Of 255. A cell is the mean of hundreds of pixels, so noise and compression move it by less than 2. */
const MOVED_CELL = 6
const MOVED_CELLS = 2
const MOVED_MEAN = 1.5
/** ffmpeg's blackframe: at least 98 % of the pixels below 32; lights in the night are not a covered lens. */
const BLACK = { level: 31, share: 0.98, light: 96, lights: 0.002 }
/** A wall in fog deviates by more than 3 of 255; a blue or grey "no signal" by less than 1. */
const SINGLE_COLOUR = 2.5
/** shares of the pixels, and how near greys count as one */
const DRAWN = { background: 0.6, levels: 0.9, flat: 0.75, hard: 0.005, near: 6 }
const FOCUS = {
  /** so much of its usual sharpness is left */
  left: 0.25,
  /** what is like this one in brightness, of 255, and how many of those it takes */
  alike: 32,
  enough: 12,
  kept: 64,
  everyMs: 20 * 60_000,
  /** in the dark there is nothing to be sharp */
  darkest: 24,
  inARow: 2,
}

/**
 * What is wrong with a picture, given what its camera showed before: null where nothing is. Pure; `now` in ms since 1970.
 * The order matters: what is black is also frozen, and the narrower word says more.
 */
export function judge(
  raster: Raster,
  memory: SeenMemory,
  now: number,
  { frozenPictures, placeholders }: JudgeOptions,
): { fault: PictureFault | null; memory: SeenMemory } {
  const middle = middleOf(raster)
  const greys = greysOf(middle)
  const hash = differenceHash(middle)
  const still = compare(middle, hash, memory)
  const focus = judgeFocus(sharpnessOf(middle), greys.mean, memory, now)
  const blank = isBlack(greys) ? 'black' : greys.deviation < SINGLE_COLOUR ? 'single-colour' : null
  const known = placeholders.some((placeholder) => distance(placeholder, hash) <= KNOWN_HASH)
  const drawn = still.unchanged >= 1 && isDrawn(middle, greys)
  const fault =
    blank ??
    (known || drawn
      ? 'placeholder'
      : frozenPictures > 0 && still.unchanged >= frozenPictures
        ? 'frozen'
        : focus.blurred >= FOCUS.inARow
          ? 'out-of-focus'
          : null)
  // what shows nothing of the scene says nothing about its usual sharpness
  const seen = fault === null || fault === 'out-of-focus' ? focus : keptFocus(memory)
  return { fault, memory: { ...still, ...seen } }
}

/**
 * Has the picture changed since its run of equal ones began? Against the first of the run, so that dusk, which changes each
 * picture by little, adds up. Unchanged are pictures of which the hash differs in at most 10 bits, the mean absolute difference of
 * the grid is at most 1.5, and at most one cell moved by more than 6.
 */
function compare(middle: Raster, hash: string, memory: SeenMemory) {
  const cells = shrink(middle, CELLS.columns, CELLS.rows)
  if (memory.hash !== undefined && memory.cells !== undefined) {
    const before = Buffer.from(memory.cells, 'base64')
    const differences = Array.from(cells, (value, at) => Math.abs(value - (before[at] ?? 0)))
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
    const moved = differences.filter((difference) => difference > MOVED_CELL).length
    if (distance(memory.hash, hash) <= SAME_HASH && mean <= MOVED_MEAN && moved < MOVED_CELLS)
      return { hash: memory.hash, cells: memory.cells, unchanged: (memory.unchanged ?? 0) + 1 }
  }
  return { hash, cells: Buffer.from(cells).toString('base64'), unchanged: 0 }
}

function isBlack(greys: Greys): boolean {
  return share(greys, 0, BLACK.level) >= BLACK.share && share(greys, BLACK.light, 255) < BLACK.lights
}

/**
 * A picture that was drawn: one grey fills 60 % of it, three greys 90 %; 75 % are flat as no sensor sees, and 0.5 % are hard edges,
 * of letters. Only of a picture that came twice. A night sky with lamps has their glow, no hard edges, and its noise.
 */
function isDrawn(middle: Raster, greys: Greys): boolean {
  const rest = [...greys.histogram]
  const levels = [0, 0, 0].map(() => {
    const most = rest.indexOf(Math.max(...rest))
    const level = share({ ...greys, histogram: rest }, most - DRAWN.near, most + DRAWN.near)
    rest.fill(0, Math.max(0, most - DRAWN.near), most + DRAWN.near + 1)
    return level
  })
  const { flat, hard } = neighbours(middle)
  return (
    (levels[0] ?? 0) >= DRAWN.background &&
    levels.reduce((sum, level) => sum + level, 0) >= DRAWN.levels &&
    flat >= DRAWN.flat &&
    hard >= DRAWN.hard
  )
}

const keptFocus = ({ sharpness = [], sharpnessAt = 0 }: SeenMemory) => ({
  sharpness,
  sharpnessAt,
  blurred: 0,
})

/**
 * Out of focus is a picture with less than a quarter of the median sharpness of its own past, among those of about its brightness
 * (a night is no measure for a day). The past reaches back more than 21 hours: 64 values, 20 minutes apart; what is out of focus
 * does not enter it.
 */
function judgeFocus(sharpness: number, mean: number, memory: SeenMemory, now: number) {
  const { sharpness: past, sharpnessAt } = keptFocus(memory)
  const alike = past
    .filter(([, then]) => Math.abs(then - mean) <= FOCUS.alike)
    .map(([value]) => value)
    .sort((a, b) => a - b)
  const median = alike[Math.floor(alike.length / 2)] ?? 0
  if (mean >= FOCUS.darkest && alike.length >= FOCUS.enough && sharpness < FOCUS.left * median)
    return { sharpness: past, sharpnessAt, blurred: (memory.blurred ?? 0) + 1 }
  if (now - sharpnessAt < FOCUS.everyMs) return { sharpness: past, sharpnessAt, blurred: 0 }
  const entry: [number, number] = [Math.round(sharpness * 10) / 10, Math.round(mean)]
  return { sharpness: [...past, entry].slice(-FOCUS.kept), sharpnessAt: now, blurred: 0 }
}
