import { ProbeFault } from '../types.ts'

const MOST_HEAD = 16_384
const MOST_BODY = 262_144
const MOST_LINE = 1_024
/** of an answer, with its status, or of a question */
const FIRST_LINE = /^(?:RTSP\/\d\.\d (\d{3})(?: .*)?|[A-Z_]+ \S+ RTSP\/\d\.\d)$/
const DOLLAR = 0x24
const HEAD_END = Buffer.from('\r\n\r\n')

export interface RtspResponse {
  status: number
  /** names in lower case */
  headers: Map<string, string[]>
  body: string
}
export interface RtspEvents {
  response(response: RtspResponse): void
  /** an interleaved packet (RFC 2326, 10.12) */
  packet(channel: number, payload: Buffer): void
}

/** Cuts what a device sends into responses and interleaved packets. Holds no more than one of them. */
export class RtspReader {
  #rest: Buffer = Buffer.alloc(0)
  readonly #events: RtspEvents

  constructor(events: RtspEvents) {
    this.#events = events
  }

  /** Throws 'not-rtsp' where it is none, or too large to be one. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (this.#rest.length > 0) {
      const used = this.#rest[0] === DOLLAR ? this.#packet() : this.#message()
      if (used === 0) return
      this.#rest = this.#rest.subarray(used)
    }
  }

  /** Bytes that were used; 0: it is not all there yet. */
  #packet(): number {
    if (this.#rest.length < 4) return 0
    const end = 4 + this.#rest.readUInt16BE(2)
    if (this.#rest.length < end) return 0
    this.#events.packet(this.#rest[1] as number, this.#rest.subarray(4, end))
    return end
  }

  #message(): number {
    // Some devices end a body with an empty line that they did not count.
    if (this.#rest[0] === 0x0d || this.#rest[0] === 0x0a) return 1
    const head = this.#rest.indexOf(HEAD_END)
    const lineEnd = this.#rest.indexOf('\r\n')
    const first = this.#rest.toString(
      'utf8',
      0,
      lineEnd < 0 ? Math.min(this.#rest.length, MOST_LINE) : lineEnd,
    )
    if (lineEnd < 0 ? first.length === MOST_LINE || !/^[A-Z]/.test(first) : !FIRST_LINE.test(first))
      throw new ProbeFault('not-rtsp')
    if (head > MOST_HEAD || (head < 0 && this.#rest.length > MOST_HEAD)) throw new ProbeFault('not-rtsp')
    if (head < 0) return 0
    const headers = headersOf(this.#rest.toString('utf8', lineEnd, head).split('\r\n'))
    const length = Number(headers.get('content-length')?.[0] ?? 0)
    if (!(length >= 0 && length <= MOST_BODY)) throw new ProbeFault('not-rtsp')
    const end = head + HEAD_END.length + length
    if (this.#rest.length < end) return 0
    const status = FIRST_LINE.exec(first)?.[1]
    const body = this.#rest.toString('utf8', head + HEAD_END.length, end)
    // A device may ask, too: whether anyone is there. That needs no answer within a check.
    if (status !== undefined) this.#events.response({ status: Number(status), headers, body })
    return end
  }
}

/** What stands in a value is said again to the device and to ffmpeg: a lone line break in it would begin a header of its own. */
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, ' ').trim()

function headersOf(lines: string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon < 1) continue
    headers.set(name, [...(headers.get(name) ?? []), oneLine(line.slice(colon + 1))])
  }
  return headers
}
