import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { AppError } from '../errors.ts'
import { Portal } from './portal.ts'
import { rewritePlaylist } from './playlist.ts'
import { Seals, type SealedKind } from './seals.ts'

/** A segment of 10 s at 25 Mbit/s is 31 MB. */
const MOST_PART_BYTES = 64 * 1024 * 1024
/** A player fetches one or two playlists and parts at a time. */
const MOST_AT_ONCE = 8

export interface Part {
  status: 200 | 206
  headers: Record<string, string>
  body: Transform
}

/** An HLS stream passed on: its playlists name nothing but this server, its parts flow through. */
export class HlsProxy {
  readonly #portal: Portal
  readonly #seals = new Seals()
  readonly #open = new Set<IncomingMessage>()
  /** what is asked for, from its beginning to its end */
  #underWay = 0
  #closed = false

  constructor(portal: Portal) {
    this.#portal = portal
  }

  /** The stream's own playlist, or a sealed one. Throws a ProbeFault, or an AppError. */
  async playlist(sealed?: string): Promise<string> {
    const address = sealed === undefined ? this.#portal.playlist : this.#opened(sealed, 'list')
    this.#begin()
    const { text, url } = await this.#portal.readPlaylist(address).finally(() => (this.#underWay -= 1))
    return rewritePlaylist(
      text,
      url,
      (kind, to) => `${kind}${endingOf(kind, to)}?u=${this.#seals.seal(kind, to)}`,
    )
  }

  /** A segment, a key or an initialization, as it comes. */
  async part(sealed: string, range: string | undefined): Promise<Part> {
    const url = this.#opened(sealed, 'part')
    this.#begin()
    const question = range === undefined ? {} : { headers: { range } }
    const { response } = await this.#portal.open(url, question).catch((error: unknown) => {
      this.#underWay -= 1
      throw error
    })
    if (this.#closed) response.destroy()
    this.#open.add(response)
    response.once('close', () => {
      this.#underWay -= 1
      this.#open.delete(response)
    })
    const { 'content-length': length, 'content-range': part } = response.headers
    return {
      status: response.statusCode === 206 ? 206 : 200,
      headers: {
        'content-type': typeOf(response.headers['content-type']),
        ...(length === undefined ? {} : { 'content-length': length }),
        ...(part === undefined ? {} : { 'content-range': part }),
      },
      body: bounded(response),
    }
  }

  close(): void {
    this.#closed = true
    for (const response of this.#open) response.destroy()
  }

  /** Counted before the first word is heard of it: a server that says nothing holds what asks it, too. */
  #begin(): void {
    if (this.#underWay >= MOST_AT_ONCE)
      throw new AppError('too-many', `At most ${MOST_AT_ONCE} parts of a video are passed on at a time.`)
    this.#underWay += 1
  }

  #opened(sealed: string, kind: SealedKind): URL {
    const opened = this.#seals.open(sealed)
    if (opened?.kind !== kind) throw new AppError('not-found', 'This part is of no video that you watch.')
    return opened.url
  }
}

/** Some players look at how an address ends. */
function endingOf(kind: SealedKind, { pathname }: URL): string {
  if (kind === 'list') return '.m3u8'
  return /\.(?:ts|m4s|mp4|m4v|m4a|aac|mp3|vtt|webvtt)$/i.exec(pathname)?.[0].toLowerCase() ?? '.ts'
}

/** Passed on under a type that no browser runs as a page of this server. */
function typeOf(type: string | undefined): string {
  const plain = type?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^(?:video|audio)\/[a-z0-9.+-]+$|^text\/vtt$/.test(plain) ? plain : 'application/octet-stream'
}

/** Ends with an error where more comes than any part holds; whichever side leaves, the other ends. */
function bounded(response: IncomingMessage): Transform {
  let length = 0
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length
      if (length > MOST_PART_BYTES) done(new Error('a part of a video is larger than any'))
      else done(null, chunk)
    },
  })
  response.on('error', (error) => body.destroy(error))
  response.on('close', () => {
    if (!response.complete) body.destroy(new Error('a part of a video broke off'))
  })
  body.on('close', () => response.destroy())
  return response.pipe(body)
}
