import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import type { Finding } from './probe/types.ts'
import { advance, initial, type VerdictMemory } from './verdict.ts'

/**
 * Austin's list of 2020-05-11 holds, for each of the 595 cameras in service, whether it answers and since when: the
 * last change of each, from 2017-11 on, found by a check a day. What was before it is the opposite; earlier changes
 * are not in it.
 */
const DAY = 86_400_000
const MINUTE = 60_000
const END = Date.parse('2020-05-11T08:45:00Z')
const offline: Finding = { layer: 'network', fault: 'timeout', detail: '' }

const cameras = (
  parse(readFileSync(new URL('feeds/recorded/austin-traffic-cameras-2020-05.csv', import.meta.url), 'utf8'), {
    columns: true,
  }) as Record<string, string>[]
)
  .filter((row) => row['Camera Status'] === 'TURNED_ON')
  .map((row) => ({
    answers: row['IP Comm Status'] === 'ONLINE',
    since: Date.parse(`${row['IP Comm Status Date and Time']?.replace(/ \+0000$/, '')} UTC`),
  }))

/** Always the same chances. */
function chances(seed: number) {
  let state = seed
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}

/** Checks of all cameras at a rhythm from 40 checks before each one's change on: changes as they are seen, and as they are judged. */
function replay(rhythm: number, until: (since: number) => number, lost: number) {
  const chance = chances(7)
  const settings = { ...DEFAULT_SETTINGS, intervalSeconds: rhythm / 1_000 }
  const sum = { raw: 0, verdicts: 0, wrong: 0, late: 0, flapping: 0 }
  for (const { answers, since } of cameras) {
    let memory: VerdictMemory = initial()
    let seen: boolean | null = null
    for (let at = since - 40 * rhythm; at <= until(since); at += rhythm) {
      const good = at >= since === answers && chance() >= lost
      const before = memory
      memory = advance(
        memory,
        { at, failed: good ? null : offline, degraded: null, latencyMs: null },
        settings,
      )
      if (seen !== null && seen !== good) sum.raw += 1
      if (before.state !== 'unknown' && memory.state !== before.state) {
        sum.verdicts += 1
        if (memory.since !== since) sum.wrong += 1
      }
      seen = good
    }
    if ((memory.state === 'up') !== answers) sum.late += 1
    if (memory.flapping) sum.flapping += 1
  }
  return sum
}

describe("the real Austin cameras' statuses", () => {
  it('are 595 in service, each with its last change', () => {
    expect(cameras).toHaveLength(595)
    expect(cameras.filter(({ answers }) => answers)).toHaveLength(479)
    expect(cameras.every(({ since }) => since < END)).toBe(true)
  })

  it('at a check a day, as they were found: 595 changes, all judged but those of the last two days', () => {
    expect(replay(DAY, () => END, 0)).toEqual({ raw: 595, verdicts: 584, wrong: 0, late: 11, flapping: 0 })
  })

  it('at a check a minute: every change judged, each since its first check', () => {
    expect(replay(MINUTE, (since) => since + 10 * MINUTE, 0)).toEqual({
      raw: 595,
      verdicts: 595,
      wrong: 0,
      late: 0,
      flapping: 0,
    })
  })

  it('with one check in fifty lost on the way as well: an eighth of the changes, 28 of them a check off', () => {
    expect(replay(MINUTE, (since) => since + 200 * MINUTE, 1 / 50)).toEqual({
      raw: 4_506,
      verdicts: 597,
      wrong: 28,
      late: 0,
      flapping: 0,
    })
  })
})
