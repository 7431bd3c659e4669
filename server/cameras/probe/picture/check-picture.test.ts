import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type Targets } from '#contract/probing.ts'
import { startHls, startRtspServer, type HlsServer, type RtspServer } from '../../../../e2e/parts/index.ts'
import { allowedNetworks } from '../allowed.ts'
import type { Credentials } from '../types.ts'
import { checkPicture, pictureFails, type PictureMemory } from './check-picture.ts'
import { Ffmpeg } from './ffmpeg.ts'
import { plain, street } from './testing/scenes.ts'

let rtsp: RtspServer
let hls: HlsServer
let web: Server
let answers: (() => Promise<Buffer | number>)[] = []
beforeAll(async () => {
  rtsp = await startRtspServer()
  hls = await startHls()
  web = createServer((_request, response) => {
    const next = answers.shift() ?? (() => Promise.resolve(404))
    void next().then((answer) => {
      if (typeof answer === 'number') response.writeHead(answer).end()
      else response.writeHead(200, { 'content-type': 'image/jpeg' }).end(answer)
    })
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  web.close()
  await hls.stop()
  await rtsp.stop()
})

const ffmpeg = new Ffmpeg()
const settings = { ...DEFAULT_SETTINGS, timeoutMs: 3_000, frozenPictures: 2 }
const look = (
  targets: Targets,
  memory: PictureMemory = {},
  credentials: Credentials | null = null,
  using = ffmpeg,
) =>
  checkPicture({ targets, credentials, settings }, memory, {
    allowed: allowedNetworks(['127.0.0.0/8']),
    ffmpeg: using,
    now: () => Date.now(),
  })
const snapshot = () => `http://127.0.0.1:${(web.address() as AddressInfo).port}/picture.jpg`

describe('a snapshot', () => {
  it('is looked at, and its finding stands until the next one', async () => {
    answers = [
      () => street(),
      () => street({ seed: 2 }),
      () => street({ seed: 3 }),
      () => street({ car: 0.5 }),
    ]
    let memory: PictureMemory = {}
    const found: (string | undefined)[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const seen = await look({ snapshot: snapshot() }, memory)
      memory = seen.memory
      expect(memory.finding).toEqual(seen.finding)
      expect(seen.thumbnail?.subarray(0, 2)).toEqual(Buffer.from('ffd8', 'hex'))
      found.push(seen.finding?.fault)
    }
    expect(found).toEqual([undefined, undefined, 'frozen', undefined])
  })

  it('that is black is told with its picture', async () => {
    answers = [() => plain('#000')]
    const { finding, thumbnail } = await look({ snapshot: snapshot() })
    expect(finding).toEqual({ layer: 'picture', fault: 'black', detail: '' })
    expect(thumbnail).not.toBeNull()
  })

  it.each([
    ['is not there', () => Promise.resolve(404), 'no-picture', 'status 404'],
    ['is a page', () => Promise.resolve(Buffer.from('<html>')), 'bad-picture', 'not a JPEG'],
    ['never comes', () => new Promise<number>(() => undefined), 'no-picture', 'silent'],
  ])('that %s is told, and what was seen before is remembered', async (_name, answer, fault, detail) => {
    answers = [answer]
    const before: PictureMemory = { hash: '0'.repeat(16), cells: '', unchanged: 1 }
    const { finding, memory, thumbnail } = await look({ snapshot: snapshot() }, before)
    expect(finding).toEqual({ layer: 'picture', fault, detail })
    expect(memory).toEqual({ ...before, finding })
    expect(thumbnail).toBeNull()
  })

  it('is not fetched from where nobody allowed it', async () => {
    const { finding } = await look({ snapshot: 'http://192.0.2.1/picture.jpg' })
    expect(finding?.fault).toBe('not-allowed')
  })
})

describe('a frame', () => {
  it.each([
    ['of HLS', () => ({ hls: hls.urls.live }), null],
    ['of HLS behind a cookie', () => ({ hls: hls.urls.cookie, cookieFrom: hls.urls.portal }), null],
    ['of RTSP', () => ({ rtsp: rtsp.urls.live }), null],
  ])('%s is fine', async (_name, targets, credentials) => {
    const { finding, thumbnail } = await look(targets(), {}, credentials)
    expect(finding).toBeNull()
    expect(thumbnail?.length).toBeGreaterThan(500)
    expect(ffmpeg.running).toBe(0)
  })

  const listed = (...lines: string[]) => {
    const head = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...lines, '#EXTINF:2,', '/a.ts']
    return () => Promise.resolve(Buffer.from(head.join('\n')))
  }

  it('is not unfolded where it would eat the memory', async () => {
    const large = { create: { width: 8_000, height: 6_000, channels: 3 as const, background: '#000' } }
    answers = [listed(), () => sharp(large).toColourspace('b-w').png().toBuffer()]
    expect((await look({ hls: snapshot() })).finding).toMatchObject({
      fault: 'no-picture',
      detail: 'no frame',
    })
  })

  it.each(['-1', '99999999999999999999999'])(
    'under a sequence number that is none, %s, is none',
    async (number) => {
      const key = '#EXT-X-KEY:METHOD=AES-128,URI="/key"'
      answers = [
        listed(`#EXT-X-MEDIA-SEQUENCE:${number}`, key),
        () => Promise.resolve(Buffer.alloc(32)),
        () => Promise.resolve(Buffer.alloc(16)),
      ]
      expect((await look({ hls: snapshot() })).finding).toMatchObject({ fault: 'no-picture' })
    },
  )

  it('of a black RTSP camera that wants a sign-in is black', async () => {
    const black = rtsp.urls.signed.replace('/live', '/black')
    expect((await look({ rtsp: black }, {}, rtsp.credentials)).finding?.fault).toBe('black')
    expect((await look({ rtsp: black })).finding).toMatchObject({
      fault: 'no-picture',
      detail: 'sign-in 401',
    })
  })

  it('of a still RTSP camera is frozen, of a stream that moves not', async () => {
    let still: PictureMemory = {}
    let moving: PictureMemory = {}
    for (let turn = 0; turn < 3; turn += 1) {
      ;({ memory: still } = await look({ rtsp: rtsp.urls.still }, still))
      await hls.advanced()
      ;({ memory: moving } = await look({ hls: hls.urls.live }, moving))
    }
    expect([still.finding?.fault, moving.finding]).toEqual(['frozen', null])
  })

  it('without ffmpeg is not judged, and that is told', async () => {
    let told = 0
    const seen = await checkPicture(
      { targets: { rtsp: rtsp.urls.live }, credentials: null, settings },
      {},
      {
        allowed: allowedNetworks(['127.0.0.0/8']),
        ffmpeg: new Ffmpeg({ program: '/nowhere/ffmpeg' }),
        now: () => Date.now(),
        onMissing: () => (told += 1),
      },
    )
    expect(seen).toEqual({ finding: null, memory: {}, thumbnail: null })
    expect(told).toBe(1)
  })
})

it('fails a camera that has nothing but pictures, and degrades one that plays', () => {
  const finding = (fault: 'no-picture' | 'black') => ({ layer: 'picture' as const, fault, detail: '' })
  expect(pictureFails(finding('no-picture'), { snapshot: 'x' })).toBe(true)
  expect(pictureFails(finding('no-picture'), { snapshot: 'x', rtsp: 'y' })).toBe(false)
  expect(pictureFails(finding('black'), { snapshot: 'x' })).toBe(false)
})
