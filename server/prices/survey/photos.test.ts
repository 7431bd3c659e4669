import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redraw } from './photos.ts'
import { DAY, edit, MARKET, testSurveys, type TestSurveys } from './testing/index.ts'

let server: TestSurveys
beforeAll(async () => (server = await testSurveys()))
afterAll(() => server.close())
beforeEach(() => server.clear())

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2a7' } })
/** As a phone writes it: lying on its side, with the place where it was taken. */
const fromPhone = () =>
  picture(400, 300)
    .withExif({
      IFD0: { Make: 'Acme' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '7/1 58/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
const url = (clientId: string = randomUUID(), market = MARKET) =>
  `/api/surveys/${market}/${DAY}/photos?clientId=${clientId}`

describe('redraw', () => {
  it('turns it upright and forgets place and device', async () => {
    const given = await fromPhone()
    expect((await sharp(given).metadata()).exif?.includes('Acme')).toBe(true)
    const drawn = await redraw(given)
    const { width, height, format, exif, icc, xmp } = await sharp(drawn).metadata()
    expect({ width, height, format, exif, icc, xmp }).toEqual({ width: 300, height: 400, format: 'jpeg' })
    expect(drawn.includes('Acme')).toBe(false)
  })

  it('is at most 1600 pixels a side, and draws nothing larger', async () => {
    const sizeOf = async (bytes: Buffer) => {
      const { width, height } = await sharp(await redraw(bytes)).metadata()
      return [width, height]
    }
    expect(await sizeOf(await picture(4_000, 3_000).jpeg().toBuffer())).toEqual([1_600, 1_200])
    expect(await sizeOf(await picture(20, 30).webp().toBuffer())).toEqual([20, 30])
  })

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['a page', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'wrong-type'],
    ['a GIF', () => picture(10, 10).gif().toBuffer(), 'wrong-type'],
    ['nothing', () => Buffer.alloc(0), 'wrong-type'],
    ['half a picture', async () => (await picture(500, 500).jpeg().toBuffer()).subarray(0, 400), 'bad-input'],
    ['a beginning only', () => Buffer.from('ffd8ff', 'hex'), 'bad-input'],
    [
      'few bytes of very many pixels',
      () => picture(9_000, 9_000).png({ compressionLevel: 9 }).toBuffer(),
      'too-large',
    ],
  ])('refuses %s', async (_name, bytes, kind) => {
    await expect(redraw(await bytes())).rejects.toMatchObject({ kind })
  })
})

describe('a photo', () => {
  it('is kept once, belongs to an entry, and is shown to whoever works with surveys', async () => {
    const [clientId, bytes] = [randomUUID(), await fromPhone()]
    const sent = await Promise.all(
      [1, 2, 3].map(() => server.siti.send('POST', url(clientId), bytes, 'image/jpeg')),
    )
    const ids = sent.map(({ json }) => (json as { id: number }).id)
    expect(new Set(ids).size).toBe(1)
    const [photoId = 0] = ids
    expect((await server.siti.enter([edit({ photoId })]))[0]).toMatchObject({
      outcome: 'stored',
      entry: { photoId },
    })
    const shown = await server.as('leader')('GET', `/api/surveys/photos/${photoId}`)
    expect(shown.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=86400, immutable',
    })
    expect((await sharp(shown.bytes).metadata()).width).toBe(300)
    expect((await server.as('viewer')('GET', `/api/surveys/photos/${photoId}`)).status).toBe(403)
    expect((await server.as()('GET', `/api/surveys/photos/${photoId}`)).status).toBe(401)
    expect((await server.siti.send('GET', '/api/surveys/photos/999999')).status).toBe(404)
  })

  it('is no other survey’s', async () => {
    const [clientId, bytes] = [randomUUID(), await fromPhone()]
    const { json } = await server.siti.send('POST', url(clientId), bytes, 'image/jpeg')
    const elsewhere = `/api/surveys/pasar-klojen/${DAY}`
    const [outcome] = await server.siti.enter([edit({ photoId: (json as { id: number }).id })], elsewhere)
    expect(outcome).toMatchObject({ outcome: 'refused', problem: 'unknown-photo' })
    expect((await server.siti.send('POST', url(clientId, 'pasar-klojen'), bytes, 'image/jpeg')).status).toBe(
      409,
    )
    expect((await server.budi.send('POST', url(), bytes, 'image/jpeg')).status).toBe(409)
  })

  it('is refused by its size, its type and who sends it', async () => {
    const bytes = await fromPhone()
    expect((await server.siti.send('POST', url(), Buffer.alloc(9 * 1024 * 1024), 'image/jpeg')).status).toBe(
      413,
    )
    expect((await server.siti.send('POST', url(), bytes, 'image/gif')).status).toBe(415)
    expect((await server.siti.send('POST', url(), Buffer.from('GIF89a'), 'image/png')).status).toBe(415)
    expect((await server.siti.send('POST', url('not-an-id'), bytes, 'image/jpeg')).status).toBe(400)
    expect((await server.as('viewer')('POST', url(), bytes, 'image/jpeg')).status).toBe(403)
    expect((await server.siti.sheet()).id).toBeNull()
  })
})
