import type { ShownState } from '#contract/camera.ts'

const NAMES = [
  'up',
  'degraded',
  'down',
  'unknown',
  'maintenance',
  'unreachable',
  'flapping',
  'text',
  'surface',
  'accent',
] as const
type Palette = Record<(typeof NAMES)[number], string>
interface Place {
  x: number
  y: number
}
/** What a symbol tells: how many cameras, their worst state, and how many of them are in it. */
export interface Told {
  count: number
  worst: ShownState
  inWorst: number
}

/** Half of the widest symbol's picture, px. */
const HALF = 28
/** Shares are told in so many parts of a ring. */
const PARTS = 16
const MOST_PICTURES = 1_500

/**
 * Symbols in the theme's colours, each drawn once and kept as a picture: where no GPU draws, arcs and text cost many
 * times what a copy costs, and a city's map shows hundreds of them anew at each change.
 */
export class Symbols {
  readonly #palette = readPalette()
  readonly #ratio: number
  readonly #scale: number
  readonly #pictures = new Map<string, ImageBitmap>()

  /**
   * @param ratio device pixels per px
   * @param scale how many times as large as on a desk: a wall is read from five metres
   */
  constructor(ratio: number, scale = 1) {
    this.#ratio = ratio
    this.#scale = scale
  }

  put(context: CanvasRenderingContext2D, place: Place, told: Told): void {
    const parts = Math.ceil((told.inWorst / told.count) * PARTS)
    const key = `${told.count} ${told.worst} ${parts}`
    let picture = this.#pictures.get(key)
    if (picture === undefined) {
      if (this.#pictures.size >= MOST_PICTURES) this.close()
      picture = this.#draw(told, parts / PARTS)
      this.#pictures.set(key, picture)
    }
    // On whole pixels it is copied as it is, without being blurred.
    const half = HALF * this.#scale
    const [x, y] = [this.#whole(place.x - half), this.#whole(place.y - half)]
    context.drawImage(picture, x, y, 2 * half, 2 * half)
  }

  /** The ring around what is chosen. */
  choose(context: CanvasRenderingContext2D, { x, y }: Place, count: number): void {
    context.beginPath()
    context.arc(x, y, (count > 1 ? 24 : 14) * this.#scale, 0, Math.PI * 2)
    context.lineWidth = 3 * this.#scale
    context.strokeStyle = this.#palette.accent
    context.stroke()
  }

  close(): void {
    for (const picture of this.#pictures.values()) picture.close()
    this.#pictures.clear()
  }

  #draw(told: Told, share: number): ImageBitmap {
    const size = Math.ceil(2 * HALF * this.#ratio * this.#scale)
    const canvas = new OffscreenCanvas(size, size)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('This browser cannot draw on a canvas.')
    context.scale(size / (2 * HALF), size / (2 * HALF))
    const middle = { x: HALF, y: HALF }
    if (told.count > 1) drawCluster(context, middle, told.count, told.worst, share, this.#palette)
    else drawState(context, middle, told.worst, this.#palette, 7)
    return canvas.transferToImageBitmap()
  }
  #whole(px: number): number {
    return Math.round(px * this.#ratio) / this.#ratio
  }
}

/** The theme's colours now. */
function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette
}

/** A state's own shape in its own colour: triangle, diamond, dashed ring, square, dot. */
function drawState(
  context: OffscreenCanvasRenderingContext2D,
  { x, y }: Place,
  state: ShownState,
  palette: Palette,
  size: number,
): void {
  context.beginPath()
  if (state === 'down') {
    context.moveTo(x, y - size * 1.25)
    context.lineTo(x + size * 1.2, y + size)
    context.lineTo(x - size * 1.2, y + size)
  } else if (state === 'degraded') {
    context.moveTo(x, y - size * 1.2)
    context.lineTo(x + size * 1.2, y)
    context.lineTo(x, y + size * 1.2)
    context.lineTo(x - size * 1.2, y)
  } else if (state === 'flapping') {
    // two triangles, one up and one down: it goes back and forth
    context.moveTo(x - size * 1.1, y - size * 1.1)
    context.lineTo(x + size * 1.1, y - size * 1.1)
    context.lineTo(x - size * 1.1, y + size * 1.1)
    context.lineTo(x + size * 1.1, y + size * 1.1)
  } else if (state === 'maintenance') context.rect(x - size, y - size, size * 2, size * 2)
  else context.arc(x, y, size, 0, Math.PI * 2)
  context.closePath()
  context.lineWidth = 2
  if (state === 'unknown' || state === 'unreachable') {
    context.fillStyle = palette.surface
    context.fill()
    context.setLineDash(state === 'unknown' ? [3, 2] : [])
    context.strokeStyle = palette[state]
    context.stroke()
    context.setLineDash([])
    return
  }
  context.fillStyle = palette[state]
  context.fill()
  context.strokeStyle = palette.surface
  context.stroke()
}

/** A ring whose arc is the share in the worst state, with the count inside and the worst state's shape beside it. */
function drawCluster(
  context: OffscreenCanvasRenderingContext2D,
  { x, y }: Place,
  count: number,
  worst: ShownState,
  share: number,
  palette: Palette,
): void {
  const radius = 13 + Math.min(7, Math.log2(count))
  context.beginPath()
  context.arc(x, y, radius, 0, Math.PI * 2)
  context.fillStyle = palette.surface
  context.fill()
  context.lineWidth = 4
  context.strokeStyle = share < 1 ? palette.up : palette[worst]
  context.stroke()
  if (share < 1) {
    context.beginPath()
    context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * share)
    context.strokeStyle = palette[worst]
    context.stroke()
  }
  context.fillStyle = palette.text
  context.font = '600 13px "Inter Variable", sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(String(count), x, y + 0.5)
  if (worst !== 'up') drawState(context, { x: x + radius * 0.75, y: y - radius * 0.75 }, worst, palette, 4.5)
}
