import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { advance, initial, type VerdictMemory } from '../verdict.ts'
import { findCauses } from './causes.ts'
import { answers, graceMs, type CameraSeen, type KnownIncident, type NodeSeen } from './types.ts'

/** Verdicts and causes together, second by second: every thing is checked at its own place in the rhythm. */
const SECOND = 1_000
const NOON = 1_800_000_000_000

interface Thing {
  id: number
  parentId: number | null
  /** ms; from the start of the course on */
  worksAt: (at: number) => boolean
}
interface Course {
  /** by second: who was said to be down, who unreachable */
  down: Set<number>[]
  unreachable: Set<number>[]
  incidents: KnownIncident[]
  nonsense: string[]
}

function run(
  nodes: (Thing & { code: string; probed: boolean })[],
  cameras: Thing[],
  seconds: number,
  look = 1,
): Course {
  const memories = new Map<Thing, VerdictMemory>()
  const course: Course = { down: [], unreachable: [], incidents: [], nonsense: [] }
  const check = (thing: Thing, place: number, at: number) => {
    if ((at - ((place * 7_919) % 30)) % 30 !== 0) return
    const failed = thing.worksAt(at) ? null : ({ layer: 'network', fault: 'timeout', detail: '' } as const)
    const before = memories.get(thing) ?? initial()
    memories.set(
      thing,
      advance(before, { at: NOON + at * SECOND, failed, degraded: null, latencyMs: null }, DEFAULT_SETTINGS),
    )
  }
  const seen = (thing: Thing) => {
    const { state, since, finding, failing } = memories.get(thing) ?? initial()
    return {
      id: thing.id,
      parentId: thing.parentId,
      state,
      since: since ?? 0,
      fault: finding?.fault ?? null,
      layer: finding?.layer ?? null,
      failing: failing.on ? failing.count === 0 : failing.count > 0,
    }
  }
  for (let second = 0; second < seconds; second++) {
    nodes.filter(({ probed }) => probed).forEach((node, place) => check(node, place, second))
    cameras.forEach((camera, place) => check(camera, place, second))
    if (second % look !== 0) continue
    const now = NOON + second * SECOND
    const scene = {
      nodes: nodes.map((node): NodeSeen => ({ ...seen(node), code: node.code, probed: node.probed })),
      cameras: cameras.map((camera): CameraSeen => ({
        ...seen(camera),
        site: null,
        subnet: null,
        planned: false,
      })),
      incidents: course.incidents,
    }
    const found = findCauses(scene, now, DEFAULT_SETTINGS)
    record(course.incidents, found)
    course.unreachable.push(new Set(found.unreachable.keys()))
    course.down.push(
      new Set(
        scene.cameras
          .filter(({ id, state }) => state === 'down' && !found.unreachable.has(id))
          .map(({ id }) => id),
      ),
    )
    course.nonsense.push(...nonsense(scene, found))
  }
  return course
}

let lastId = 0
/** As the store does it. */
function record(incidents: KnownIncident[], { causes, ended }: ReturnType<typeof findCauses>): void {
  for (const { id, at } of ended) {
    const over = incidents.find((one) => one.id === id)
    if (over !== undefined) over.endedAt = at
  }
  for (const { kind, subject, since, cameras, absorbs } of causes) {
    const parts = incidents.filter(({ id }) => absorbs.includes(id))
    for (const part of parts) incidents.splice(incidents.indexOf(part), 1)
    const known = incidents.find((one) => one.subject === subject && one.endedAt === null)
    if (known === undefined)
      incidents.push({
        id: (lastId += 1),
        kind,
        subject,
        startedAt: since,
        endedAt: null,
        cameras,
      })
    else known.cameras = [...new Set([...known.cameras, ...cameras])]
  }
}

/** What is true of every answer; what is not. */
function nonsense(
  { nodes, cameras }: { nodes: NodeSeen[]; cameras: CameraSeen[] },
  { causes, unreachable, own }: ReturnType<typeof findCauses>,
): string[] {
  const claimed = causes.flatMap((cause) => cause.cameras)
  const subjects = causes.map(({ kind, subject }) => `${kind} ${subject}`)
  const wrong = cameras.filter(
    ({ id, state, parentId }) =>
      unreachable.has(id) && (state !== 'down' || parentId === null || own.has(id)),
  )
  const working = nodes.filter(
    (node) => node.probed && answers(node) && causes.some(({ nodeId }) => nodeId === node.id),
  )
  return [
    ...(new Set(claimed).size === claimed.length ? [] : ['a camera with two causes']),
    ...(new Set(subjects).size === subjects.length ? [] : ['a cause twice']),
    ...wrong.map(({ id }) => `camera ${id} is unreachable`),
    ...working.map(({ code }) => `${code} answers and is a cause`),
  ]
}

const between = (from: number, to: number) => (at: number) => at < from || at >= to
const always = () => true
const switches = (probed: boolean, worksAt: (at: number) => boolean) => [
  { id: 1, code: 'sw-1', parentId: null, probed, worksAt },
]
const behind = (
  count: number,
  parentId: number,
  worksAt: (place: number) => (at: number) => boolean,
  from = 1,
) => Array.from({ length: count }, (_, place) => ({ id: from + place, parentId, worksAt: worksAt(place) }))

describe('the course of a failure, at a check every 30 s', () => {
  it.each([
    ['without a probe of its own', false],
    ['with one', true],
  ])(
    'a switch %s dies with 39 cameras: one incident, and hardly one camera is said to be down',
    (_name, probed) => {
      const dead = between(300, 900)
      const course = run(
        switches(probed, dead),
        behind(39, 1, () => dead),
        1_300,
      )
      expect(course.incidents).toMatchObject([{ subject: 'sw-1' }])
      const [incident] = course.incidents
      expect(incident?.cameras).toHaveLength(39)
      const begins = ((incident?.startedAt ?? 0) - NOON) / SECOND
      const ends = ((incident?.endedAt ?? 0) - NOON) / SECOND
      expect(begins).toBeGreaterThanOrEqual(300)
      expect(begins).toBeLessThan(330)
      expect(ends).toBeGreaterThanOrEqual(900)
      expect(ends).toBeLessThan(930)
      // within 60 s of the third failure of the first, for some seconds
      const wrongly = course.down.map(({ size }) => size)
      expect(wrongly.filter((size) => size > 0).length).toBeLessThan(32)
      expect(course.down.slice(420).every(({ size }) => size === 0)).toBe(true)
      expect(course.unreachable[600]?.size).toBe(39)
      expect(course.unreachable.at(-1)?.size).toBe(0)
    },
  )

  it('cameras that start anew with their switch are waited for; who never comes back is down', () => {
    const course = run(
      switches(true, between(300, 900)),
      behind(10, 1, (place) => between(300, place === 0 ? 10_000 : 970)),
      1_400,
    )
    expect(course.incidents).toHaveLength(1)
    const ends = ((course.incidents[0]?.endedAt ?? 0) - NOON) / SECOND
    const wait = ends + graceMs(DEFAULT_SETTINGS) / SECOND
    expect(course.down.slice(420, wait).every(({ size }) => size === 0)).toBe(true)
    expect(course.down.slice(wait + 1).every((ids) => ids.size === 1 && ids.has(1))).toBe(true)
  })

  it('power dies with two switches: one incident, whatever was known first', () => {
    const dead = between(300, 900)
    const nodes = [
      { id: 1, code: 'power', parentId: null, probed: true, worksAt: dead },
      { id: 2, code: 'sw-a', parentId: 1, probed: true, worksAt: dead },
      { id: 3, code: 'sw-b', parentId: 1, probed: false, worksAt: dead },
    ]
    const course = run(nodes, [...behind(8, 2, () => dead), ...behind(8, 3, () => dead, 9)], 1_300)
    expect(course.incidents).toMatchObject([{ subject: 'power' }])
    expect(course.incidents[0]?.cameras).toHaveLength(16)
    expect(course.unreachable[600]?.size).toBe(16)
  })

  it('one dead camera of a switch stays down through the death of the switch', () => {
    const dead = between(600, 1_200)
    const cameras = behind(10, 1, (place) => (place === 0 ? between(100, 10_000) : dead))
    const course = run(switches(false, always), cameras, 1_700)
    expect(course.down.slice(200).every((ids) => ids.has(1))).toBe(true)
    expect(course.incidents).toMatchObject([{ subject: 'sw-1' }])
    expect(course.incidents[0]?.cameras).toHaveLength(9)
  })

  it('makes sense whatever fails, whenever', () => {
    const span = fc.record({
      from: fc.integer({ min: 0, max: 500 }),
      length: fc.integer({ min: 1, max: 500 }),
    })
    const failure = fc.option(span, { nil: null })
    const works = (one: { from: number; length: number } | null) =>
      one === null ? always : between(one.from, one.from + one.length)
    const scene = fc.record({
      nodes: fc.array(fc.record({ parent: fc.nat(), probed: fc.boolean(), failure }), { maxLength: 5 }),
      cameras: fc.array(fc.record({ parent: fc.nat(), failure }), { maxLength: 12 }),
    })
    fc.assert(
      fc.property(scene, (given) => {
        const nodes = given.nodes.map(({ parent, probed, failure: own }, place) => ({
          id: place + 1,
          code: `n${place + 1}`,
          parentId: place === 0 ? null : parent % (place + 1) || null,
          probed,
          worksAt: works(own),
        }))
        const up = (id: number | null, at: number): boolean => {
          const node = nodes.find((one) => one.id === id)
          return node === undefined || (node.worksAt(at) && up(node.parentId, at))
        }
        const cameras = given.cameras.map(({ parent, failure: own }, place): Thing => {
          const parentId = parent % (nodes.length + 1) || null
          return { id: place + 1, parentId, worksAt: (at) => works(own)(at) && up(parentId, at) }
        })
        const reached = nodes.map((node) => ({ ...node, worksAt: (at: number) => up(node.id, at) }))
        const course = run(reached, cameras, 1_400, 7)
        expect(course.nonsense).toEqual([])
        // All works again: nothing is left over.
        expect(course.down.at(-1)?.size).toBe(0)
        expect(course.unreachable.at(-1)?.size).toBe(0)
        expect(course.incidents.every(({ endedAt }) => endedAt !== null)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
