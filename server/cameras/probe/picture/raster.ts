/** A small grey picture, row by row, 0 black .. 255 white. */
export interface Raster {
  width: number
  height: number
  grey: Uint8Array
}

/** Overlays (clock, name, logo) stand at the upper and lower edge: this share of the height there is not looked at. */
const EDGE = 1 / 8

export const CELLS = { columns: 16, rows: 12 } as const

/** The picture without the strips in which overlays stand. */
export function middleOf({ width, height, grey }: Raster): Raster {
  const cut = Math.floor(height * EDGE)
  return { width, height: height - 2 * cut, grey: grey.subarray(cut * width, (height - cut) * width) }
}

/** Mean grey of each cell of a grid over the picture. The picture must not be smaller than the grid. */
export function shrink({ width, height, grey }: Raster, columns: number, rows: number): Uint8Array {
  const cells = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const top = Math.floor((row * height) / rows)
      const bottom = Math.floor(((row + 1) * height) / rows)
      const left = Math.floor((column * width) / columns)
      const right = Math.floor(((column + 1) * width) / columns)
      let sum = 0
      for (let y = top; y < bottom; y += 1)
        for (let x = left; x < right; x += 1) sum += grey[y * width + x] ?? 0
      cells[row * columns + column] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  return cells
}

/**
 * The difference hash: 9 x 8 mean greys, a bit for each pair of neighbours in a row, set where the left one is brighter.
 * 16 hexadecimal digits. Source: N. Krawetz, "Kind of Like That", hackerfactor.com, 2013.
 */
export function differenceHash(raster: Raster): string {
  const cells = shrink(raster, 9, 8)
  let hash = ''
  for (let row = 0; row < 8; row += 1) {
    let bits = 0
    for (let column = 0; column < 8; column += 1) {
      const at = row * 9 + column
      bits = bits * 2 + ((cells[at] ?? 0) > (cells[at + 1] ?? 0) ? 1 : 0)
    }
    hash += bits.toString(16).padStart(2, '0')
  }
  return hash
}

/** In how many of their 64 bits two hashes differ. */
export function distance(a: string, b: string): number {
  let differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; differing > 0n; differing >>= 1n) count += Number(differing & 1n)
  return count
}

export interface Greys {
  mean: number
  /** standard deviation */
  deviation: number
  /** how many pixels have each grey */
  histogram: readonly number[]
  pixels: number
}

export function greysOf({ grey }: Raster): Greys {
  const histogram = Array<number>(256).fill(0)
  for (const value of grey) histogram[value] = (histogram[value] ?? 0) + 1
  let sum = 0
  let squares = 0
  histogram.forEach((count, value) => {
    sum += count * value
    squares += count * value * value
  })
  const mean = sum / grey.length
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / grey.length - mean * mean)),
    histogram,
    pixels: grey.length,
  }
}

/** Share of the pixels whose grey is from..to, both included, 0..1. */
export function share({ histogram, pixels }: Greys, from: number, to: number): number {
  let count = 0
  for (let value = Math.max(0, from); value <= Math.min(255, to); value += 1) count += histogram[value] ?? 0
  return count / pixels
}

/**
 * How sharp a picture is: the variance of its Laplacian (kernel 0 1 0, 1 -4 1, 0 1 0). It has no meaning by itself, only
 * beside other pictures of the same view and size. Source: J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield
 * microscopy: a comparative study", ICPR 2000.
 */
export function sharpnessOf({ width, height, grey }: Raster): number {
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const value =
        (grey[at - width] ?? 0) +
        (grey[at + width] ?? 0) +
        (grey[at - 1] ?? 0) +
        (grey[at + 1] ?? 0) -
        4 * (grey[at] ?? 0)
      sum += value
      squares += value * value
    }
  const count = (width - 2) * (height - 2)
  return squares / count - (sum / count) ** 2
}

/**
 * How the neighbours to the right and below differ, as shares of all pixels, 0..1. Flat: both by at most 1, which is drawn and
 * not seen by a sensor. Hard: one by 64 or more, as at the edge of a letter.
 */
export function neighbours({ width, height, grey }: Raster): { flat: number; hard: number } {
  let flat = 0
  let hard = 0
  for (let y = 0; y < height - 1; y += 1)
    for (let x = 0; x < width - 1; x += 1) {
      const at = y * width + x
      const value = grey[at] ?? 0
      const most = Math.max(Math.abs(value - (grey[at + 1] ?? 0)), Math.abs(value - (grey[at + width] ?? 0)))
      if (most <= 1) flat += 1
      if (most >= 64) hard += 1
    }
  const count = (width - 1) * (height - 1)
  return { flat: flat / count, hard: hard / count }
}
