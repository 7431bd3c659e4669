import { createDecipheriv } from 'node:crypto'
import { fetchPlaylist, mediaOf, targetIn } from '../layers/hls.ts'
import { firstBytes, mustSucceed, type Web } from '../layers/http.ts'
import type { Limit } from '../layers/scope.ts'
import type { Target } from '../targets.ts'
import { ProbeFault } from '../types.ts'

/** 2 s of 4K video at 16 Mbit/s are 4 MB; a first picture stands at the beginning of any segment. */
const MOST_BYTES = 8 * 1024 * 1024
const KEY_BYTES = 16

interface Range {
  offset: number
  length: number
}

/** The newest segment of an HLS stream, its initialization before it, decrypted. Throws a ProbeFault. */
export async function newestSegment(web: Web, target: Target, limit: Limit): Promise<Buffer> {
  const { newest, url } = await mediaOf(web, await fetchPlaylist(web, target, limit), limit)
  const part = (uri: string, most: number, range?: Range) =>
    download(web, targetIn(uri, url), limit, most, range)
  // the parser says undefined and means null
  const key = newest.key ?? null
  const map = newest.map ?? null
  const begin = map === null ? [] : [await part(map.uri, MOST_BYTES, map.byterange)]
  const segment = await part(newest.uri, MOST_BYTES, newest.byterange)
  if (key === null || key.method === 'NONE') return Buffer.concat([...begin, segment])
  if (key.method !== 'AES-128' || key.uri === undefined)
    throw new ProbeFault('no-picture', `encrypted by ${key.method}`)
  const secret = await part(key.uri, KEY_BYTES)
  return Buffer.concat([...begin, decrypt(segment, secret, key.iv, newest.mediaSequenceNumber)])
}

/** The body of an answer, or its `most` first bytes. Throws a ProbeFault. */
export async function download(
  web: Web,
  target: Target,
  limit: Limit,
  most: number,
  range?: Range,
): Promise<Buffer> {
  const last = range === undefined ? 0 : range.offset + range.length - 1
  const headers: Record<string, string> =
    range === undefined ? {} : { range: `bytes=${range.offset}-${last}` }
  const answer = await web.ask(target, limit, { headers })
  mustSucceed(answer)
  return firstBytes(answer.response, most)
}

/** AES-128-CBC; without an IV of its own the media sequence number is it (RFC 8216, 5.2). */
function decrypt(segment: Buffer, key: Buffer, iv: ArrayBuffer | undefined, sequence: number): Buffer {
  const vector = Buffer.alloc(16)
  try {
    if (iv === undefined) vector.writeBigUInt64BE(BigInt(sequence), 8)
    else Buffer.from(iv).copy(vector)
    const decipher = createDecipheriv('aes-128-cbc', key, vector)
    return Buffer.concat([decipher.update(segment), decipher.final()])
  } catch {
    throw new ProbeFault('no-picture', 'its key does not fit')
  }
}
