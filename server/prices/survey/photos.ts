import sharp from 'sharp'
import { AppError } from '../../errors.ts'

export const MAX_PHOTO_BYTES = 8 * 1024 * 1024
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp']
/** The largest that phones take are of 50 megapixels; a few kilobytes can claim to be of billions. */
const MAX_PIXELS = 64_000_000
const SIDE = 1_600

/**
 * Draws a phone's photo anew: JPEG, upright, at most 1600 pixels a side, without what else the file says (place, time,
 * device) or hides. Throws 'wrong-type' for what is no JPEG, PNG or WebP, 'too-large' for too many pixels, 'bad-input'
 * for a broken one.
 */
export async function redraw(bytes: Buffer): Promise<Buffer> {
  if (!isPhoto(bytes))
    throw new AppError('wrong-type', 'Send a JPEG, PNG or WebP picture.', {
      expected: PHOTO_TYPES.join(' or '),
    })
  try {
    return await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, autoOrient: true })
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .jpeg({ quality: 78 })
      .toBuffer()
  } catch (error) {
    if (/pixel limit/.test(String(error)))
      throw new AppError('too-large', `A photo of at most ${MAX_PIXELS / 1e6} megapixels is taken.`)
    throw new AppError('bad-input', 'The picture is broken: take it again.')
  }
}

/** By its first bytes: what it is called decides nothing, and parsers of other formats are not to be reached. */
function isPhoto(bytes: Buffer): boolean {
  const text = bytes.subarray(0, 12).toString('latin1')
  return (
    bytes.subarray(0, 3).toString('hex') === 'ffd8ff' ||
    text.startsWith('\x89PNG\r\n\x1a\n') ||
    (text.startsWith('RIFF') && text.endsWith('WEBP'))
  )
}
