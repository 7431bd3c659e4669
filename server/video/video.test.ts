import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHls, startRtspServer, type HlsServer, type RtspServer } from '../../e2e/parts/index.ts'
import { named, testVideo, type TestVideo } from './testing/index.ts'

const IDLE_MS = 1_500
let rtsp: RtspServer
let hls: HlsServer
let server: TestVideo
beforeAll(async () => {
  rtsp = await startRtspServer()
  hls = await startHls()
  server = await testVideo({ idleMs: IDLE_MS, processes: 2, perViewer: 4 })
})
afterAll(async () => {
  await server.close()
  await hls.stop()
  await rtsp.stop()
})

const text = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }
}
/** What ffprobe, a player as any other, finds behind an address. */
async function probed(url: string): Promise<string> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=codec_name,width',
    '-of',
    'csv=p=0',
    url,
  ]
  return (await promisify(execFile)('ffprobe', args, { timeout: 20_000 })).stdout.trim().split('\n')[0] ?? ''
}
/** Process ids of ffmpeg children that write below the server's folder. */
async function processes(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
  )
  return pids.filter(
    (_pid, at) => lines[at]?.startsWith('ffmpeg') === true && lines[at].includes(server.dataDir),
  )
}
const allEnded = () => expect.poll(() => server.video.remuxes.running, { timeout: 10_000 }).toBe(0)

describe('an RTSP camera', () => {
  it('plays as HLS: playlist, segments, H.264', async () => {
    const { kind, url } = await server.watch(await server.camera({ rtsp: rtsp.urls.live }))
    expect(kind).toBe('hls')
    const playlist = await text(url)
    expect(playlist).toMatchObject({ status: 200, type: 'application/vnd.apple.mpegurl' })
    const [segment = ''] = named(playlist.body, url)
    const answer = await fetch(segment)
    const bytes = Buffer.from(await answer.arrayBuffer())
    // a transport stream: 188 bytes a packet, each beginning with 0x47
    expect([answer.headers.get('content-type'), bytes[0], bytes[188]]).toEqual(['video/mp2t', 0x47, 0x47])
    expect(await probed(url)).toBe('h264,320')
    await allEnded()
  })

  it('is one process for two viewers, which ends after the last one, with its folder', async () => {
    const id = await server.camera({ rtsp: rtsp.urls.live })
    const [one, two] = await Promise.all([server.watch(id), server.watch(id)])
    expect(one.url).not.toBe(two.url)
    const answers = await Promise.all([text(one.url), text(two.url), text(one.url)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(server.video.remuxes.running).toBe(1)
    expect(await processes()).toHaveLength(1)
    await allEnded()
    expect(await processes()).toEqual([])
    expect(await readdir(join(server.dataDir, 'video', String(process.pid)))).toEqual([])
  })

  it('is signed in to by digest, and no password stands in the list of processes', async () => {
    const id = await server.camera({ rtsp: rtsp.urls.signed }, rtsp.credentials)
    const { url } = await server.watch(id)
    expect((await text(url)).status).toBe(200)
    const [pid = ''] = await processes()
    const told =
      (await readFile(`/proc/${pid}/cmdline`, 'latin1')) + (await readFile(`/proc/${pid}/environ`, 'latin1'))
    expect(told).toContain('rtsp://127.0.0.1:')
    expect(told).not.toMatch(/rahasia|operator/)
    expect(told).not.toContain(new URL(rtsp.urls.signed).port)
    await allEnded()
  })

  it.each([
    ['that wants a sign-in', 'signed', { fault: 'sign-in' }],
    ['without that path', 'missing', { fault: 'status', detail: '404' }],
    ['without video', 'sound', { fault: 'no-video' }],
  ] as const)('%s says so at once', async (_name, path, expected) => {
    const { url } = await server.watch(await server.camera({ rtsp: rtsp.urls[path] }))
    const { status, body } = await text(url)
    expect(status).toBe(path === 'missing' ? 404 : 503)
    expect(JSON.parse(body)).toMatchObject(expected)
    expect(body).not.toContain('127.0.0.1')
    await allEnded()
  })

  it('comes back when its process dies', async () => {
    const { url } = await server.watch(await server.camera({ rtsp: rtsp.urls.live }))
    const first = named((await text(url)).body, url)
    const [pid] = await processes()
    process.kill(Number(pid), 'SIGKILL')
    await expect
      .poll(
        async () => [(await text(url)).status, (await processes()).filter((each) => each !== pid).length],
        {
          timeout: 15_000,
        },
      )
      .toEqual([200, 1])
    const again = (await text(url)).body
    expect(again).toContain('#EXT-X-DISCONTINUITY')
    expect(Number(/(\d+)\.ts$/.exec(named(again, url)[0] ?? '')?.[1])).toBeGreaterThan(
      Number(/(\d+)\.ts$/.exec(first[0] ?? '')?.[1]),
    )
    await allEnded()
  })

  it('is refused where too many are watched already, and taken when one has ended', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => server.camera({ rtsp: rtsp.urls.live })))
    const [one, two, three] = await Promise.all(ids.map((id) => server.watch(id)))
    expect(
      (await Promise.all([one, two].map((each) => text(each?.url ?? '')))).map(({ status }) => status),
    ).toEqual([200, 200])
    const refused = await text(three?.url ?? '')
    expect([refused.status, JSON.parse(refused.body)]).toMatchObject([429, { error: 'too-many' }])
    await allEnded()
    expect((await text(three?.url ?? '')).status).toBe(200)
    await allEnded()
  })

  it('whose codec browsers do not play is drawn anew', async () => {
    const { url } = await server.watch(await server.camera({ rtsp: rtsp.urls.jpeg }))
    expect((await text(url)).status).toBe(200)
    expect(await probed(url)).toBe('h264,320')
    await allEnded()
  })

  it('never answers: the viewer is told, and nothing stays behind', async () => {
    const { url } = await server.watch(await server.camera({ rtsp: rtsp.urls.silent }))
    expect(JSON.parse((await text(url)).body)).toMatchObject({ error: 'unavailable', fault: 'silent' })
    await allEnded()
  })
})

describe('an HLS camera', () => {
  const plays = async (url: string) => {
    const playlist = (await text(url)).body
    const [segment = ''] = named(playlist, url)
    const answer = await fetch(segment)
    const bytes = Buffer.from(await answer.arrayBuffer())
    return { playlist, segment, status: answer.status, first: bytes[0] }
  }

  it('plays through this server, whose playlists name nothing else', async () => {
    const { url } = await server.watch(await server.camera({ hls: hls.urls.live }))
    const { playlist, segment, status, first } = await plays(url)
    expect([status, first]).toEqual([200, 0x47])
    expect(new URL(segment).host).toBe(new URL(server.origin).host)
    expect(playlist + decodeURIComponent(segment)).not.toContain(new URL(hls.urls.live).port)
    expect(await probed(url)).toBe('h264,320')
  })

  it('plays by way of a master playlist, and of a redirect', async () => {
    for (const target of [hls.urls.master, hls.urls.redirect]) {
      const { url } = await server.watch(await server.camera({ hls: target }))
      expect(await probed(url)).toBe('h264,320')
    }
  })

  it('plays where the portal wants its cookie, its page as referer, or a sign-in', async () => {
    const { cookie, portal, referer, page, signed } = hls.urls
    const ids = [
      await server.camera({ hls: cookie, cookieFrom: portal }),
      await server.camera({ hls: referer, referer: page }),
      await server.camera({ hls: signed }, hls.credentials),
    ]
    for (const id of ids) expect((await plays((await server.watch(id)).url)).first).toBe(0x47)
    const without = await server.watch(await server.camera({ hls: cookie }))
    expect(JSON.parse((await text(without.url)).body)).toMatchObject({ fault: 'status', detail: '403' })
  })

  it('is not fetched from where nobody allowed it, by redirect neither', async () => {
    for (const target of ['http://192.0.2.1/live.m3u8', hls.urls.away, 'http://169.254.169.254/']) {
      const { url } = await server.watch(await server.camera({ hls: target }))
      const { status, body } = await text(url)
      expect([status, JSON.parse(body)]).toMatchObject([503, { fault: 'not-allowed' }])
      expect(body).not.toContain(new URL(target).hostname)
    }
  })

  it('gives no part that its playlist did not name', async () => {
    const { url } = await server.watch(await server.camera({ hls: hls.urls.live }))
    const { segment } = await plays(url)
    const other = await server.watch(await server.camera({ hls: hls.urls.live }))
    const sealed = new URL(segment).searchParams.get('u') ?? ''
    const asked = [
      `part.ts?u=${Buffer.from(hls.urls.live).toString('base64url')}`,
      `list.m3u8?u=${sealed}`,
      'part.ts',
      '1.ts',
      'whep',
    ]
    const statuses = asked.map(async (path) => (await text(new URL(path, url).href)).status)
    expect(await Promise.all(statuses)).toEqual([404, 404, 404, 404, 404])
    expect((await text(new URL(`part.ts?u=${sealed}`, other.url).href)).status).toBe(404)
  })

  it('that is a page, or is not there, is told in words of the closed set', async () => {
    const html = await server.watch(await server.camera({ hls: hls.urls.html }))
    const missing = await server.watch(await server.camera({ hls: hls.urls.missing }))
    expect(JSON.parse((await text(html.url)).body)).toMatchObject({
      error: 'unavailable',
      fault: 'bad-playlist',
    })
    expect(JSON.parse((await text(missing.url)).body)).toMatchObject({ error: 'not-found', detail: '404' })
  })
})

describe('fifty openings', () => {
  const sockets = () =>
    process.getActiveResourcesInfo().filter((kind) => /^TCP(?:Socket|Server)/.test(kind)).length

  it('leave no socket, no process and no more tickets than a viewer may have', async () => {
    const stream = await server.camera({ hls: hls.urls.live })
    const remuxed = await server.camera({ rtsp: rtsp.urls.live })
    await allEnded()
    const open = async (id: number) => {
      const { url } = await server.watch(id)
      const leaving = new AbortController()
      const [segment = ''] = named((await text(url)).body, url)
      const answer = await fetch(segment, { signal: leaving.signal })
      leaving.abort()
      return answer.status
    }
    expect(await open(stream)).toBe(200)
    const before = sockets()
    for (let turn = 0; turn < 50; turn += 1)
      expect([await open(stream), await open(remuxed)]).toEqual([200, 200])
    expect(server.video.remuxes.running).toBe(1)
    expect(server.video.tickets.size).toBeLessThanOrEqual(16)
    await allEnded()
    // what fetch itself keeps open between requests is of the same number each time
    await expect.poll(sockets, { timeout: 10_000 }).toBeLessThanOrEqual(before + 2)
    expect(await processes()).toEqual([])
  })
})

describe('a video', () => {
  it('is asked for by its ticket only, and ends with the session', async () => {
    const id = await server.camera({ hls: hls.urls.live })
    const { url } = await server.watch(id)
    const foreign = await server.app.inject({ url: new URL(url).pathname, remoteAddress: '10.1.1.1' })
    expect(foreign.statusCode).toBe(404)
    server.bus.tell('session:ended', { viewer: 'guest 127.0.0.1' })
    expect((await text(url)).status).toBe(404)
  })

  it('is not there for a camera that nobody can watch, or that is not there', async () => {
    const none = await server.watch(await server.camera({ tcp: '127.0.0.1:80' }))
    const unknown = await server.watch(99_999)
    expect([none.status, unknown.status]).toEqual([404, 404])
  })
})
