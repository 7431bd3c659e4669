import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import type { Finding } from './probe/types.ts'
import { advance, holdOf, initial, lost, parseMemory, type Checked, type VerdictMemory } from './verdict.ts'

const timeout: Finding = { layer: 'network', fault: 'timeout', detail: '' }
const refused: Finding = { layer: 'network', fault: 'refused', detail: '' }
const frozen: Finding = { layer: 'picture', fault: 'frozen', detail: '' }
const SECOND = 1_000
const RHYTHM = DEFAULT_SETTINGS.intervalSeconds * SECOND

/** '.' good, 'x' timeout, 'r' refused, 'd' degraded by its picture: one check a letter, at 1, 2, 3 ... times the rhythm. */
function checked(letter: string, place: number): Checked {
  return {
    at: (place + 1) * RHYTHM,
    failed: letter === 'x' ? timeout : letter === 'r' ? refused : null,
    degraded: letter === 'd' ? frozen : null,
    latencyMs: letter === 'x' || letter === 'r' ? null : 20,
  }
}
const verdicts = (letters: string, settings = DEFAULT_SETTINGS): VerdictMemory[] => {
  let memory = initial()
  return [...letters].map((letter, place) => (memory = advance(memory, checked(letter, place), settings)))
}
const shown = { unknown: '?', up: '.', degraded: 'd', down: 'x' }
const line = (memories: VerdictMemory[]) => memories.map(({ state }) => shown[state]).join('')

describe('verdict', () => {
  it.each([
    // checks, verdicts, and at which check the last verdict began (from 1)
    ['the first good check makes it up', '.', '.', 1],
    ['two failures are not enough', '.xx', '...', 1],
    ['three are, from the first on', '.xxx', '...x', 2],
    ['a good one between begins anew', '.xx.xxx', '......x', 5],
    ['one good check does not bring it back', '.xxx.x', '...xxx', 2],
    ['two do, from the first on', '.xxx..', '...xx.', 5],
    ['unknown needs as many failures', 'xx', '??', null],
    ['and is down from the first on', 'xxx', '??x', 1],
    ['up after failures from unknown counts from the good check', 'xx.', '??.', 3],
    ['degraded after three', '.ddd', '...d', 2],
    ['degraded from unknown', 'ddd', '??d', 1],
    ['degraded and back', '.ddd..', '...dd.', 5],
    ['failed and degraded by turns: half-failing', '.xdx', '...d', 2],
    ['degraded, then down from the first failure on', '.dddxxx', '...dddx', 5],
    ['down together with the impairment', '.dxxx', '...dx', 3],
    ['back from down to degraded', '.xxxdd', '...xxd', 5],
    ['back by a good and a degraded check: the worse of them', '.xxx.d', '...xxd', 5],
    ['and then up', '.xxxd..', '...xxd.', 6],
  ])('%s: %s', (_name, letters, expected, since) => {
    const memories = verdicts(letters)
    expect(line(memories)).toBe(expected)
    expect(memories.at(-1)?.since ?? null).toBe(since === null ? null : since * RHYTHM)
  })

  it('says what the newest check of the kind found, and its first details', () => {
    expect(verdicts('.xx')[2]?.finding).toBeNull()
    expect(verdicts('.xxr').at(-1)?.finding).toEqual(refused)
    expect(verdicts('.xxxrx').at(-1)?.finding).toEqual(timeout)
    expect(verdicts('.xxx.').at(-1)?.finding).toEqual(timeout)
    expect(verdicts('.xxx..').at(-1)?.finding).toBeNull()
    expect(verdicts('.dddx').at(-1)?.finding).toEqual(frozen)
    expect(verdicts('.xdx').at(-1)?.finding).toEqual(frozen)
    expect(verdicts('.xxxd.').at(-1)?.finding).toEqual(frozen)
    const before = verdicts('.xxx').at(-1) as VerdictMemory
    const again = { ...checked('x', 4), failed: { ...timeout, detail: 'later words' } }
    expect(advance(before, again, DEFAULT_SETTINGS).finding).toBe(before.finding)
  })

  it('follows other numbers of retries', () => {
    const once = { ...DEFAULT_SETTINGS, failures: 1, recoveries: 1 }
    expect(line(verdicts('x.x.', once))).toBe('x.x.')
    expect(verdicts('x.x.', once).map(({ since }) => (since ?? 0) / RHYTHM)).toEqual([1, 2, 3, 4])
    expect(line(verdicts('.xxxxx....', { ...once, failures: 5, recoveries: 4 }))).toBe('.....xxxx.')
  })

  it('is degraded by answers slow for this camera, and says from what to what', () => {
    let memory = verdicts('.'.repeat(30)).at(-1) as VerdictMemory
    const slow = (place: number): Checked => ({ ...checked('.', place), latencyMs: 400 })
    for (const place of [30, 31, 32]) memory = advance(memory, slow(place), DEFAULT_SETTINGS)
    expect(memory).toMatchObject({
      state: 'degraded',
      since: 31 * RHYTHM,
      finding: { layer: 'network', fault: 'slow', detail: '20 ms → 400 ms' },
      flapping: false,
    })
  })

  it('takes no check twice and none that comes late', () => {
    const memory = verdicts('.xx').at(-1) as VerdictMemory
    for (const place of [0, 1, 2]) expect(advance(memory, checked('x', place), DEFAULT_SETTINGS)).toBe(memory)
  })

  it('knows nothing after a long silence: runs do not reach across it', () => {
    const memory = verdicts('.xx').at(-1) as VerdictMemory
    const at = 3 * RHYTHM + holdOf(DEFAULT_SETTINGS)
    expect(advance(memory, { ...checked('x', 0), at }, DEFAULT_SETTINGS).state).toBe('down')
    const later = advance(memory, { ...checked('x', 0), at: at + 1 }, DEFAULT_SETTINGS)
    expect(later).toMatchObject({ state: 'unknown', since: at, failing: { count: 1, first: at + 1 } })
    const long = verdicts('.xxx').at(-1) as VerdictMemory
    expect(advance(long, { ...checked('.', 0), at: 1e9 }, DEFAULT_SETTINGS)).toMatchObject({
      state: 'up',
      since: 1e9,
    })
    expect(advance(initial(), { ...checked('.', 0), at: 1e9 }, DEFAULT_SETTINGS).state).toBe('up')
  })

  it('forgets its runs when nobody can say, and keeps what is usual', () => {
    const memory = verdicts('.......xxx').at(-1) as VerdictMemory
    const unknown = lost(memory, 11 * RHYTHM)
    expect(unknown).toMatchObject({ state: 'unknown', since: 11 * RHYTHM, finding: null, flapping: false })
    expect(unknown.latency).toEqual(memory.latency)
    expect(lost(unknown, 12 * RHYTHM)).toBe(unknown)
    expect(advance(unknown, checked('x', 10), DEFAULT_SETTINGS)).toBe(unknown)
    expect(advance(unknown, checked('x', 11), DEFAULT_SETTINGS).state).toBe('unknown')
  })
})

describe('what is kept between checks', () => {
  it('goes through JSON unharmed', () => {
    const memory = verdicts('...xxxd..dd').at(-1)
    expect(parseMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory)
  })
  it.each([null, {}, [], 'up', 7, { ...initial(), version: 0 }, { ...initial(), state: 'maintenance' }])(
    'begins anew where it is broken: %j',
    (stored) => expect(parseMemory(stored)).toEqual(initial()),
  )
  it('is small', () => {
    expect(JSON.stringify(verdicts('...xxxd..dd').at(-1)).length).toBeLessThan(600)
  })
})

/** The definition said plainly: by looking back over all checks, without any counter. */
function reference(letters: string, { failures, recoveries }: { failures: number; recoveries: number }) {
  const binary = (bad: (letter: string) => boolean) => {
    let on = false
    let since = 0
    return [...letters].map((_letter, place) => {
      const last = (n: number) => [...letters.slice(Math.max(0, place + 1 - n), place + 1)]
      const turns = last(on ? recoveries : failures)
      const enough = turns.length === (on ? recoveries : failures) && turns.every((one) => bad(one) !== on)
      if (enough) [on, since] = [!on, place + 2 - turns.length]
      return { on, since }
    })
  }
  const failing = binary((letter) => letter === 'x')
  const impaired = binary((letter) => letter !== '.')
  let known = false
  return failing.map((down, place) => {
    const degraded = impaired[place] as { on: boolean }
    known ||= letters[place] === '.' || down.on || degraded.on
    return down.on ? 'x' : degraded.on ? 'd' : known ? '.' : '?'
  })
}

const letters = fc
  .array(fc.constantFrom('.', 'x', 'd', 'x', '.'), { maxLength: 80 })
  .map((all) => all.join(''))
const retries = fc.record({
  failures: fc.integer({ min: 1, max: 5 }),
  recoveries: fc.integer({ min: 1, max: 5 }),
})

describe('whatever the checks say', () => {
  it('the verdict is that of the plain definition', () => {
    fc.assert(
      fc.property(letters, retries, (all, numbers) => {
        expect(line(verdicts(all, { ...DEFAULT_SETTINGS, ...numbers }))).toBe(
          reference(all, numbers).join(''),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('it is never down without enough failures in a row, and each change is later than the one before', () => {
    fc.assert(
      fc.property(letters, retries, (all, numbers) => {
        let before = initial()
        verdicts(all, { ...DEFAULT_SETTINGS, ...numbers }).forEach((memory, place) => {
          if (memory.state !== before.state) {
            expect(memory.since).toBeGreaterThan(before.since ?? 0)
            if (memory.state === 'down')
              expect(all.slice(0, place + 1)).toMatch(new RegExp(`x{${numbers.failures}}$`))
          } else expect(memory.since).toBe(before.since)
          before = memory
        })
      }),
      { numRuns: 2_000 },
    )
  })

  it('no number in it ever stops being one', () => {
    const check = fc.record({
      at: fc.integer({ min: 0, max: 4_000_000 }),
      failed: fc.constantFrom(null, timeout),
      degraded: fc.constantFrom(null, frozen),
      latencyMs: fc.oneof(
        fc.double(),
        fc.constantFrom(null, Number.MAX_VALUE),
        fc.integer({ min: 0, max: 60_000 }),
      ),
    })
    const settings = fc.record({
      slowFactor: fc.double({ min: 0, max: 1_000, noNaN: true }),
      flapHigh: fc.double({ min: 0, max: 1, noNaN: true }),
      flapLow: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(check, { maxLength: 100 }), settings, (checks, some) => {
        const end = checks.reduce(
          (memory, one) => advance(memory, one, { ...DEFAULT_SETTINGS, ...some }),
          initial(),
        )
        expect(parseMemory(JSON.parse(JSON.stringify(end)))).toEqual(end)
      }),
      { numRuns: 1_000 },
    )
  })
})
