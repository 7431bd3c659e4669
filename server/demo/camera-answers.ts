import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { chance } from './chance.ts'
import type { Conduct } from './conduct.ts'
import { livePlaylist, recordingOf, SEGMENTS } from './playlist.ts'
import { Pictures } from './video/picture.ts'

interface Answer {
  status: number
  type: string
  body: string | Buffer
}
/** Answers a request to a camera that behaves in some way; null: nobody is asked, a switch or the gateway. */
export type Answering = (
  camera: { streamId: string; conduct: Conduct } | null,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain', body })
const NOT_FOUND = text(404, 'not found')

/** What the stand-in cameras answer over HTTP: a live playlist, its segments, a snapshot. Reads the recording once. */
export async function cameraAnswers(clock: () => Date): Promise<Answering> {
  const recording = await Promise.all(
    Array.from({ length: SEGMENTS }, (_, index) =>
      readFile(new URL(`video/${index}.mpegts`, import.meta.url)),
    ),
  )
  const pictures = new Pictures()

  const answerOf = async (streamId: string, { behaviour, since }: Conduct, path: string): Promise<Answer> => {
    if (behaviour === 'forbidding') return text(403, 'forbidden')
    if (behaviour === 'overloaded') return text(503, 'overloaded')
    const now = clock().getTime()
    if (path === '/live/index.m3u8') {
      const body = livePlaylist(behaviour === 'stuck' ? since : now)
      return { status: 200, type: 'application/vnd.apple.mpegurl', body }
    }
    if (path === '/snapshot.jpg') {
      const seconds = Math.floor((behaviour === 'frozen' ? since : now) / 1_000)
      const scene = behaviour === 'black' ? pictures.black() : pictures.scene(seedOf(streamId), seconds)
      return { status: 200, type: 'image/jpeg', body: await scene }
    }
    const segment = recording[recordingOf(Number(/^\/live\/(\d{1,12})\.ts$/.exec(path)?.[1] ?? NaN))]
    return segment === undefined ? NOT_FOUND : { status: 200, type: 'video/mp2t', body: segment }
  }

  return async (camera, request, response) => {
    const path = new URL(request.url ?? '/', 'http://demo').pathname
    const { status, type, body } =
      camera === null
        ? text(200, 'Pantau Kota demo\n')
        : await answerOf(camera.streamId, camera.conduct, path)
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    response.end(body)
  }
}

/** Each camera looks at a street of its own. */
const seedOf = (streamId: string) => Math.floor(chance(0, 'street', streamId) * 2 ** 31)
