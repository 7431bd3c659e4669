import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge, transition, type Circumstances } from './judge.ts'
import { Limits } from './limits.ts'
import { outageTurn } from './outage-turn.ts'
import { nextTurn, Schedule } from './schedule.ts'
import { ownerOf } from './shares.ts'
import { subnetOf } from './subnet.ts'

const calm: Circumstances = { plannedSince: null, uplinkLostSince: null, causeSince: null, ownSince: null }
const up = { state: 'up', since: 100 } as const
const down = { state: 'down', since: 100 } as const

describe('judge', () => {
  it.each([
    ['up', up, calm, { state: 'up', since: 100, outage: null }],
    ['down of its own', down, calm, { state: 'down', since: 100, outage: { planned: false } }],
    [
      'down behind a failed node',
      down,
      { ...calm, causeSince: 90 },
      { state: 'unreachable', since: 100, outage: null },
    ],
    ['up behind a failed node', up, { ...calm, causeSince: 90 }, { state: 'up', since: 100, outage: null }],
    [
      'still down after its node came back',
      down,
      { ...calm, ownSince: 300 },
      { state: 'down', since: 300, outage: { planned: false } },
    ],
    [
      'working in a maintenance window',
      up,
      { ...calm, plannedSince: 200 },
      { state: 'maintenance', since: 200, outage: null },
    ],
    [
      'down in a maintenance window',
      down,
      { ...calm, plannedSince: 200 },
      { state: 'maintenance', since: 200, outage: { planned: true } },
    ],
    [
      'planned and behind a failed node',
      down,
      { ...calm, plannedSince: 200, causeSince: 90 },
      { state: 'maintenance', since: 200, outage: null },
    ],
    [
      'a prober that reaches nothing',
      down,
      { ...calm, uplinkLostSince: 150 },
      { state: 'unknown', since: 150, outage: null },
    ],
  ] as const)('%s', (_name, verdict, circumstances, expected) =>
    expect(judge(verdict, circumstances)).toEqual(expected),
  )
})

describe('transition', () => {
  it.each([
    ['nothing changed', { state: 'up', since: 10 }, { state: 'up', since: 20 }, null],
    [
      'is dated back to the first failed check',
      { state: 'up', since: 10 },
      { state: 'down', since: 40 },
      { at: 40, state: 'down' },
    ],
    [
      'never behind what is on record',
      { state: 'unknown', since: 50 },
      { state: 'up', since: 20 },
      { at: 60, state: 'up' },
    ],
    [
      'but for one that was taken for down and was unreachable',
      { state: 'down', since: 40 },
      { state: 'unreachable', since: 40 },
      { at: 40, state: 'unreachable' },
    ],
    [
      'planned time stays planned',
      { state: 'maintenance', since: 30 },
      { state: 'down', since: 40 },
      { at: 60, state: 'down' },
    ],
    [
      'which had been down before its node failed only from then on',
      { state: 'down', since: 40 },
      { state: 'unreachable', since: 20 },
      { at: 40, state: 'unreachable' },
    ],
  ] as const)('%s', (_name, standing, judged, expected) =>
    expect(transition(standing, judged, 60)).toEqual(expected),
  )
})

describe('outageTurn', () => {
  const open = { id: 7, startedAt: 40, planned: false }
  it.each([
    [
      'begins with the transition',
      null,
      { planned: false },
      40,
      { end: null, takeBack: null, begin: { at: 40, planned: false } },
    ],
    ['goes on', open, { planned: false }, null, { end: null, takeBack: null, begin: null }],
    [
      'ends with the first good check',
      open,
      null,
      80,
      { end: { id: 7, at: 80 }, takeBack: null, begin: null },
    ],
    ['never was one', open, null, 40, { end: null, takeBack: 7, begin: null }],
    [
      'goes on as a planned one',
      open,
      { planned: true },
      90,
      { end: { id: 7, at: 90 }, takeBack: null, begin: { at: 90, planned: true } },
    ],
    ['there is none', null, null, 80, { end: null, takeBack: null, begin: null }],
  ] as const)('%s', (_name, standing, outage, turnedAt, expected) =>
    expect(outageTurn(standing, { outage, verdictSince: 40 }, turnedAt, 30)).toEqual(expected),
  )
})

describe('the schedule', () => {
  it('spreads keys evenly over the interval', () => {
    const interval = 30_000
    const slots = Array.from({ length: 30 }, () => 0)
    for (let key = 0; key < 6_000; key += 1) {
      const slot = Math.floor((nextTurn(`c${key}`, interval, 1_000_000_000_000) % interval) / 1_000)
      slots[slot] = (slots[slot] ?? 0) + 1
    }
    expect(Math.min(...slots)).toBeGreaterThan(140)
    expect(Math.max(...slots)).toBeLessThan(260)
  })
  it('comes at its phase, always after now and within an interval', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 86_400_000 }),
        fc.integer({ min: 0, max: 2 ** 42 }),
        (key, interval, now) => {
          const next = nextTurn(key, interval, now)
          expect(next).toBeGreaterThan(now)
          expect(next - now).toBeLessThanOrEqual(interval)
          expect(nextTurn(key, interval, next) - next).toBe(interval)
        },
      ),
    )
  })
  it('passes over a turn while the one before is not over, and delays nobody else', async () => {
    const events: string[] = []
    const hangs: { end?: () => void } = {}
    const seen = new Promise<void>((resolve) => {
      const schedule = new Schedule({
        limits: new Limits({ all: 10, perHost: 1, perSite: 10 }),
        now: () => Date.now(),
        onStart: () => undefined,
        onSkip: (key) => {
          events.push(`skip ${key}`)
          if (events.includes('run quick')) {
            schedule.close()
            hangs.end?.()
            resolve()
          }
        },
        run: (key) => {
          events.push(`run ${key}`)
          if (key === 'quick') return Promise.resolve(undefined)
          return new Promise((end) => (hangs.end = () => end(undefined)))
        },
      })
      schedule.set({ key: 'hangs', intervalMs: 20, host: 'a', site: 'a' })
      schedule.set({ key: 'quick', intervalMs: 20, host: 'b', site: 'b' })
    })
    await seen
    expect(events.filter((event) => event === 'run hangs')).toHaveLength(1)
    expect(events).toContain('skip hangs')
  })
})

describe('Limits', () => {
  it('holds every bound, whatever comes, and runs all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c'), site: fc.constantFrom('x', 'y') }), {
          maxLength: 40,
        }),
        async (works) => {
          const bounds = { all: 5, perHost: 2, perSite: 3 }
          const limits = new Limits(bounds)
          const running = new Map<string, number>()
          const count = (key: string, by: number) => running.set(key, (running.get(key) ?? 0) + by)
          let ran = 0
          const done = works.map(
            ({ host, site }) =>
              new Promise<void>((resolve) =>
                limits.run(host, site, async () => {
                  for (const key of ['all', `host ${host}`, `site ${site}`]) count(key, 1)
                  expect(running.get('all')).toBeLessThanOrEqual(bounds.all)
                  expect(running.get(`host ${host}`)).toBeLessThanOrEqual(bounds.perHost)
                  expect(running.get(`site ${site}`)).toBeLessThanOrEqual(bounds.perSite)
                  await Promise.resolve()
                  for (const key of ['all', `host ${host}`, `site ${site}`]) count(key, -1)
                  ran += 1
                  resolve()
                }),
              ),
          )
          await Promise.all(done)
          expect(ran).toBe(works.length)
        },
      ),
    )
  })
})

describe('sharing among instances', () => {
  const keys = Array.from({ length: 3_000 }, (_, index) => `c${index}`)
  const instances = ['one', 'two', 'three']
  it('gives each about the same', () => {
    for (const instance of instances) {
      const share = keys.filter((key) => ownerOf(key, instances) === instance).length / keys.length
      expect(share).toBeGreaterThan(0.3)
      expect(share).toBeLessThan(0.37)
    }
  })
  it('moves only what the one that left had', () => {
    const left = instances.filter((instance) => instance !== 'two')
    for (const key of keys) {
      const before = ownerOf(key, instances)
      if (before !== 'two') expect(ownerOf(key, left)).toBe(before)
    }
  })
  it('has no owner where there is nobody', () => expect(ownerOf('c1', [])).toBeUndefined())
})

it.each([
  ['10.20.30.40', '10.20.30.0/24'],
  ['::ffff:10.20.30.40', '10.20.30.0/24'],
  ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  ['nvr.example', null],
])('the neighbourhood of %s is %s', (address, expected) => expect(subnetOf(address)).toBe(expected))
