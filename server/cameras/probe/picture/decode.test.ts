import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { ProbeFault } from '../types.ts'
import { decode, MAX_PICTURE_BYTES } from './decode.ts'
import { street } from './testing/scenes.ts'

describe('a picture', () => {
  it('becomes a grey raster of 320 pixels and a small JPEG', async () => {
    const { raster, thumbnail } = await decode(await street({ noise: 20 }))
    expect({ ...raster, grey: raster.grey.length }).toEqual({ width: 320, height: 180, grey: 320 * 180 })
    const { width, height, format } = await sharp(thumbnail).metadata()
    expect({ width, height, format }).toEqual({ width: 480, height: 270, format: 'jpeg' })
    expect(thumbnail.length).toBeLessThan(24 * 1024)
  })

  it('is taken as PNG too, and is not enlarged', async () => {
    const png = await sharp(await street())
      .resize(200)
      .png()
      .toBuffer()
    const { raster, thumbnail } = await decode(png)
    expect(raster.width).toBe(320)
    expect((await sharp(thumbnail).metadata()).width).toBe(200)
  })

  it('of pure noise still makes a small JPEG', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const picture = sharp({ create: { width: 1280, height: 720, channels: 3, background: '#888', noise } })
    expect((await decode(await picture.jpeg().toBuffer())).thumbnail.length).toBeLessThan(60 * 1024)
  })
})

const bomb = () =>
  sharp({ create: { width: 8_000, height: 8_000, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer()
const REFUSED: [name: string, bytes: () => Promise<Buffer>, detail: string][] = [
  ['an HTML page', async () => Buffer.from('<html>sign in</html>'), 'not a JPEG'],
  ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not a JPEG'],
  ['nothing', async () => Buffer.alloc(0), 'not a JPEG'],
  ['half a JPEG', async () => (await street()).subarray(0, 20_000), 'broken'],
  ['a JPEG of garbage', async () => Buffer.from(`ffd8ff${'00'.repeat(500)}`, 'hex'), 'broken'],
  ['64 megapixels', bomb, 'too large'],
  ['too many bytes', async () => Buffer.alloc(MAX_PICTURE_BYTES + 1, 0xff), 'too large'],
  ['a dot', () => sharp(Buffer.from('<svg width="9" height="9"/>')).jpeg().toBuffer(), '9 x 9'],
]
it.each(REFUSED)('refuses %s', async (_name, bytes, detail) => {
  const error: unknown = await decode(await bytes()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProbeFault)
  expect(error).toMatchObject({ fault: 'bad-picture', detail })
})
