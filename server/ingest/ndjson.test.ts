import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { lineBatches } from './ndjson.ts'

const LIMITS = { batch: 3, maxRows: 7, maxBytes: 1_000 }

/** The batches that were yielded, and what ended them. */
async function read(chunks: readonly string[], limits = LIMITS) {
  const batches: unknown[][] = []
  try {
    for await (const batch of lineBatches(Readable.from(chunks.map((text) => Buffer.from(text))), limits))
      batches.push(batch)
    return { batches, error: null }
  } catch (error) {
    return { batches, error }
  }
}
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('')

describe('lineBatches', () => {
  it('joins lines that chunks cut, characters included', async () => {
    const bytes = Buffer.from('"é"\n"ü"')
    const stream = Readable.from([...bytes].map((byte) => Buffer.from([byte])))
    const batches: unknown[][] = []
    for await (const batch of lineBatches(stream, LIMITS)) batches.push(batch)
    expect(batches).toEqual([['é', 'ü']])
  })

  it('takes as many rows as the limit says, empty lines not counted', async () => {
    expect(await read([`${numbers(1, 7)}\n \n`])).toEqual({
      batches: [[1, 2, 3], [4, 5, 6], [7]],
      error: null,
    })
  })

  it.each([
    ['in one chunk', [numbers(1, 12)]],
    ['row by row', Array.from({ length: 12 }, (_, index) => `${index + 1}\n`)],
    ['on a last line without an end', [`${numbers(1, 7)}8`]],
  ])('yields all rows before too many of them, %s', async (_how, chunks) => {
    expect(await read(chunks)).toMatchObject({
      batches: [[1, 2, 3], [4, 5, 6], [7]],
      error: { kind: 'too-large', details: { limit: 7 } },
    })
  })

  it('yields the whole lines before too many bytes, and not half of the line that goes past', async () => {
    const limits = { ...LIMITS, maxRows: 1_000, maxBytes: 12 }
    expect(await read(['1\n2\n3\n', '4\n55\n66', '77\n8\n'], limits)).toMatchObject({
      batches: [
        [1, 2, 3],
        [4, 55],
      ],
      error: { kind: 'too-large', details: { limit: 12 } },
    })
  })
})
