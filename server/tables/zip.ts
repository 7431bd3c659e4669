import { Unzip, UnzipInflate } from 'fflate'

const SLICE = 16_384

/**
 * True where a ZIP archive unfolds to more than `most` bytes. It is unfolded as the reader of spreadsheets does it,
 * piece by piece, and what comes out is counted and thrown away: what the archive says of its sizes may be a lie.
 * Throws where it is damaged.
 */
export function unfoldsBeyond(archive: Uint8Array, most: number): boolean {
  let bytes = 0
  const unzip = new Unzip((file) => {
    file.ondata = (error, chunk) => {
      if (error !== null) throw error
      bytes += chunk.length
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  for (let at = 0; at < archive.length && bytes <= most; at += SLICE)
    unzip.push(archive.subarray(at, at + SLICE), at + SLICE >= archive.length)
  return bytes > most
}
