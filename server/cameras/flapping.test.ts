import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { alike, isFlapping, remember, shareOfChanges } from './flapping.ts'

/** '.' good, 'x' failed, oldest first. */
const outcomes = (letters: string) =>
  [...letters].reduce(
    (bits, letter, place) => (place === 0 ? alike(letter === 'x') : remember(bits, letter === 'x')),
    0,
  )

describe('the share of changes', () => {
  it.each([
    ['no change', '.'.repeat(21), 0],
    ['always failed', 'x'.repeat(21), 0],
    ['every one a change', '.x'.repeat(10) + '.', 1],
    ['the newest alone weighs most', '.'.repeat(20) + 'x', 1.2 / 20],
    ['the oldest alone weighs least', '.' + 'x'.repeat(20), 0.8 / 20],
    ['one that is forgotten', '.' + 'x'.repeat(21), 0],
    ['a first check alone', 'x', 0],
    // changes at the places 0, 2, 3, 5, 6 ... 17, 18: 13 of them, 120 places together
    ['every third fails', '..x'.repeat(7), (13 * 1.2 - (120 * 0.4) / 19) / 20],
  ])('%s', (_name, letters, share) => expect(shareOfChanges(outcomes(letters))).toBeCloseTo(share, 12))
})

describe('flapping', () => {
  const run = (letters: string, settings = DEFAULT_SETTINGS) => {
    let bits = 0
    let flapping = false
    return [...letters].map((letter, place) => {
      bits = place === 0 ? alike(letter === 'x') : remember(bits, letter === 'x')
      return (flapping = isFlapping(flapping, bits, settings))
    })
  }
  it('begins at the high threshold, goes on between, ends below the low one', () => {
    const course = run('.x'.repeat(11) + '.'.repeat(21))
    // the nine newest changes weigh 10.04 of 20
    expect(course.indexOf(true)).toBe(9)
    const end = course.lastIndexOf(true)
    expect(course.slice(9, end + 1).every(Boolean)).toBe(true)
    expect(end).toBeGreaterThan(22 + 10)
    expect(course.slice(end + 1)).toEqual(Array(course.length - end - 1).fill(false))
  })
  it('an outage is none', () =>
    expect(run('.'.repeat(30) + 'x'.repeat(9) + '.'.repeat(30))).not.toContain(true))
  it('every third check lost is one, though never three in a row fail', () =>
    expect(run('..x'.repeat(10)).at(-1)).toBe(true))
  it('a low threshold above the high one does not make it waver', () => {
    const course = run('.x'.repeat(15), { ...DEFAULT_SETTINGS, flapHigh: 0.3, flapLow: 0.9 })
    expect(course.slice(course.indexOf(true))).not.toContain(false)
  })
})
