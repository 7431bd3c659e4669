import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { DownloadError, shown } from './download-error.ts'

/** The text of an answer, unpacked as it comes and no further than `maxBytes`. Throws a DownloadError. */
export async function readText(response: IncomingMessage, maxBytes: number, url: URL): Promise<string> {
  const tooLarge = () =>
    new DownloadError('too-large', `${shown(url.href)} sends more than ${maxBytes} bytes, this feed's limit`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of decoded(response, url)) {
      if (!(chunk instanceof Buffer)) continue
      size += chunk.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } finally {
    response.destroy()
  }
  return decoderOf(response).decode(Buffer.concat(chunks))
}

const UNPACKERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
}

function decoded(response: IncomingMessage, url: URL): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return response
  const unpack = UNPACKERS[encoding]?.()
  if (unpack === undefined) {
    response.destroy()
    throw new DownloadError(
      'network',
      `${shown(url.href)} packs its answer as ${encoding.slice(0, 20)}, which was not offered`,
    )
  }
  response.on('error', (error) => unpack.destroy(error))
  return response.pipe(unpack)
}

function decoderOf(response: IncomingMessage): TextDecoder {
  const charset = /charset="?([\w-]+)/i.exec(response.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder() // a charset nobody knows: the text itself shows whether it was UTF-8
  }
}
