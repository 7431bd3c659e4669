import { describe, expect, it } from 'vitest'
import { missedBatch, placeDelta, withChanged } from './sequence.ts'

const at = (seq: number, epoch = 'a') => ({ epoch, seq })

describe('placeDelta', () => {
  it.each([
    ['before any snapshot', undefined, at(1), 'ignore'],
    ['the next one', at(4), at(5), 'apply'],
    ['one that the snapshot held already', at(4), at(4), 'ignore'],
    ['a gap', at(4), at(6), 'resync'],
    ['a server that began anew', at(4), at(1, 'b'), 'resync'],
  ])('%s', (_name, known, delta, expected) => expect(placeDelta(known, delta)).toBe(expected))
})

describe('missedBatch', () => {
  it.each([
    ['nothing known yet', undefined, at(3), undefined, false],
    ['all there', at(3), at(3), at(3), false],
    ['a batch may still be under way', at(3), at(4), at(3), false],
    ['it was ahead a beat ago already', at(3), at(4), at(4), true],
    ['a server that began anew', at(3), at(0, 'b'), at(3), true],
  ])('%s', (_name, known, beat, previous, expected) =>
    expect(missedBatch(known, beat, previous)).toBe(expected),
  )
})

describe('withChanged', () => {
  it('keeps places, and puts what is new at the end', () => {
    const list = [
      { id: 'b', n: 1 },
      { id: 'a', n: 1 },
    ]
    expect(
      withChanged(list, [
        { id: 'c', n: 2 },
        { id: 'b', n: 2 },
      ]),
    ).toEqual([
      { id: 'b', n: 2 },
      { id: 'a', n: 1 },
      { id: 'c', n: 2 },
    ])
  })
})
