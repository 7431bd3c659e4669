import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Certificates } from './certificates.ts'
import { need, RTSP_PARTS } from './needs.ts'
import { startProgram, type Part } from './program.ts'

export interface RtspServer extends Part {
  credentials: { username: string; password: string }
  urls: {
    /** a ball that moves */
    live: string
    /** the same frame for ever */
    still: string
    black: string
    /** takes the question and never answers */
    silent: string
    /** describes video, and sends none */
    stops: string
    /** a ball as Motion JPEG, which no browser plays as it is */
    jpeg: string
    /** has no video */
    sound: string
    missing: string
    /** `live`, for who signs in by digest */
    signed: string
    /** `live` over TLS; '' without certificates */
    secure: string
  }
}

/** A GStreamer RTSP server on free ports of the loopback. */
export async function startRtspServer(certificates?: Certificates): Promise<RtspServer> {
  need(...RTSP_PARTS)
  const credentials = { username: 'operator', password: 'rahasia "1"' }
  const { line, stop } = await startProgram(
    // The system's Python has the system's bindings; another one in PATH has not.
    '/usr/bin/python3',
    [
      fileURLToPath(new URL('rtsp-server.py', import.meta.url)),
      JSON.stringify({
        user: credentials.username,
        password: credentials.password,
        pem: certificates === undefined ? '' : onePem(certificates),
      }),
    ],
    /^\{/,
  )
  const ports = JSON.parse(line) as { open: number; signed: number; secured?: number }
  const at = (path: string) => `rtsp://127.0.0.1:${ports.open}/${path}`
  return {
    stop,
    credentials,
    urls: {
      live: at('live'),
      still: at('still'),
      black: at('black'),
      silent: at('silent'),
      stops: at('stops'),
      jpeg: at('jpeg'),
      sound: at('sound'),
      missing: at('missing'),
      signed: `rtsp://127.0.0.1:${ports.signed}/live`,
      secure: ports.secured === undefined ? '' : `rtsps://127.0.0.1:${ports.secured}/live`,
    },
  }
}

/** Key and certificate in one file, as the server wants them. */
function onePem({ files }: Certificates): string {
  const { key, certificate } = files.good
  const path = join(certificate, '..', 'good-with-key.pem')
  if (!existsSync(path)) writeFileSync(path, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'))
  return path
}
