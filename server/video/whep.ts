import { targetOf, type Place } from '../cameras/probe/picture/index.ts'
import { ProbeFault } from '../cameras/probe/types.ts'
import type { Portal } from './portal.ts'

const MOST_SDP_BYTES = 256 * 1024

/**
 * WebRTC at a media server, by WHEP (draft-ietf-wish-whep): the browser's offer goes there through this server, and the answer comes back.
 * The video itself flows between the media server and the browser, which is why the answer names the media server's address.
 */
export class Whep {
  readonly #portal: Portal
  readonly #place: Place
  #session: URL | undefined

  constructor(portal: Portal, place: Place) {
    this.#portal = portal
    this.#place = place
  }

  /** The SDP answer to an SDP offer. Throws a ProbeFault. */
  async exchange(offer: string): Promise<string> {
    this.close()
    const url = targetOf('whep', this.#place).url as URL
    const headers = { 'content-type': 'application/sdp' }
    const question = { headers, body: offer }
    const { response, url: from, bytes } = await this.#portal.read(url, MOST_SDP_BYTES + 1, question)
    const { location } = response.headers
    if (location !== undefined && URL.canParse(location, from)) this.#session = new URL(location, from)
    const answer = bytes.toString('utf8')
    if (answer.length > MOST_SDP_BYTES || !answer.startsWith('v=0')) throw new ProbeFault('bad-sdp')
    return answer
  }

  /** Tells the media server that the viewer left; one that does not hear it finds out by itself. */
  close(): void {
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    this.#portal.open(session, { method: 'DELETE' }).then(
      ({ response }) => response.destroy(),
      () => undefined,
    )
  }
}
