import type { IncomingMessage } from 'node:http'
import { targetOf, webOf, type Place, type Reach } from '../cameras/probe/picture/index.ts'
import { firstBytes, mustSucceed, type Question } from '../cameras/probe/layers/http.ts'
import { Scope } from '../cameras/probe/layers/scope.ts'
import { targetOf as targetAt } from '../cameras/probe/targets.ts'
import { ProbeFault } from '../cameras/probe/types.ts'

/** For an answer to begin, ms; and for the next bytes of its body. */
const ANSWER_MS = 10_000
const IDLE_MS = 15_000
/** For all of a short body: one that drips would otherwise hold its connection for days. */
const BODY_MS = 10_000
const MOST_PLAYLIST_BYTES = 2 * 1024 * 1024

export interface Opened {
  response: IncomingMessage
  /** after redirects */
  url: URL
}

/**
 * The web server that gives a camera's video, asked as its own page would: with the portal's cookie, which is fetched once and again when
 * it has run out, and only at hosts that are allowed. Its parts are streamed, never gathered.
 */
export class Portal {
  readonly #place: Place
  readonly #reach: Reach
  #cookie: string | undefined

  constructor(place: Place, reach: Reach) {
    this.#place = place
    this.#reach = reach
  }

  /** The address of the playlist itself. Throws a ProbeFault. */
  get playlist(): URL {
    return targetOf('hls', this.#place).url as URL
  }

  /** An answer of 2xx; whoever takes it reads or destroys its body, and with that the connection ends. Throws a ProbeFault. */
  async open(url: URL, question: Question = {}): Promise<Opened> {
    const scope = new Scope()
    try {
      const answer = await scope.within(ANSWER_MS, async (limit) => {
        const web = webOf(this.#place, this.#reach, scope, this.#cookie)
        const target = targetAt(url)
        if (target === null) throw new ProbeFault('bad-playlist')
        const first = await web.ask(target, limit, question)
        const known = this.#cookie
        this.#cookie = await web.cookie(limit)
        if (first.response.statusCode !== 403 || known === undefined || known === '') return first
        first.response.destroy()
        this.#cookie = undefined
        const anew = webOf(this.#place, this.#reach, scope)
        const second = await anew.ask(target, limit, question)
        this.#cookie = await anew.cookie(limit)
        return second
      })
      mustSucceed(answer)
      const { response } = answer
      response.once('close', () => scope.close())
      response.socket.setTimeout(IDLE_MS, () => response.destroy(new ProbeFault('timeout')))
      return answer
    } catch (error) {
      scope.close()
      throw error
    }
  }

  /** The `most` first bytes of an answer, in one piece. Throws a ProbeFault. */
  async read(url: URL, most: number, question: Question = {}): Promise<Opened & { bytes: Buffer }> {
    const answer = await this.open(url, question)
    const { response } = answer
    const late = setTimeout(() => response.destroy(new ProbeFault('timeout')), BODY_MS)
    try {
      return { ...answer, bytes: await firstBytes(response, most) }
    } finally {
      clearTimeout(late)
    }
  }

  /** A playlist, in one piece. Throws a ProbeFault. */
  async readPlaylist(address: URL): Promise<{ text: string; url: URL }> {
    const { bytes, url } = await this.read(address, MOST_PLAYLIST_BYTES + 1)
    if (bytes.length > MOST_PLAYLIST_BYTES) throw new ProbeFault('bad-playlist', 'larger than 2 MiB')
    return { text: bytes.toString('utf8'), url }
  }
}
