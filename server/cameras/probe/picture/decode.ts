import sharp, { type Sharp } from 'sharp'
import { ProbeFault } from '../types.ts'
import type { Raster } from './raster.ts'

/** A camera's largest picture is about 12 megapixels and 6 MB; what is larger is no snapshot. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024
const MAX_PIXELS = 40_000_000
const RASTER_WIDTH = 320
const MAX_RASTER_HEIGHT = 1_000
const MIN_SIDE = 32
const THUMBNAIL_WIDTH = 480
const THUMBNAIL_BYTES = 24 * 1024
const QUALITIES = [72, 50, 30] as const

// Thousands of different pictures, each seen once: a cache holds what never comes again, and threads take the probes' core.
sharp.cache(false)
sharp.concurrency(1)

export interface Decoded {
  /** 320 wide, its height in proportion */
  raster: Raster
  /** JPEG of at most 480 pixels' width and about 20 kB */
  thumbnail: Buffer
}

/** Reads a JPEG or PNG. Throws a ProbeFault 'bad-picture' that says why it is none that can be shown. */
export async function decode(bytes: Buffer): Promise<Decoded> {
  if (bytes.length > MAX_PICTURE_BYTES) throw new ProbeFault('bad-picture', 'too large')
  if (!isPicture(bytes)) throw new ProbeFault('bad-picture', 'not a JPEG')
  try {
    const picture = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, autoOrient: true })
    const { width, height } = await picture.metadata()
    const rasterHeight = Math.round((height * RASTER_WIDTH) / width)
    if (width < MIN_SIDE || height < MIN_SIDE || rasterHeight < MIN_SIDE || rasterHeight > MAX_RASTER_HEIGHT)
      throw new ProbeFault('bad-picture', `${width} x ${height}`)
    const { data, info } = await picture
      .clone()
      .resize(RASTER_WIDTH, rasterHeight, { fit: 'fill' })
      .flatten()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return {
      raster: { width: info.width, height: info.height, grey: data },
      thumbnail: await thumbnailOf(picture),
    }
  } catch (error) {
    if (error instanceof ProbeFault) throw error
    throw new ProbeFault('bad-picture', /pixel limit/.test(String(error)) ? 'too large' : 'broken')
  }
}

/** By its first bytes: other formats that sharp reads have parsers that nobody needs here. */
function isPicture(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 3).toString('hex') === 'ffd8ff' || bytes.subarray(0, 4).toString('latin1') === '\x89PNG'
  )
}

async function thumbnailOf(picture: Sharp): Promise<Buffer> {
  const small = picture.clone().resize({ width: THUMBNAIL_WIDTH, withoutEnlargement: true })
  let jpeg = Buffer.alloc(0)
  for (const quality of QUALITIES) {
    jpeg = await small.clone().jpeg({ quality }).toBuffer()
    if (jpeg.length <= THUMBNAIL_BYTES) break
  }
  return jpeg
}
