import { describe, expect, it } from 'vitest'
import { findCauses, type Scene } from './causes.ts'
import {
  graceMs,
  togetherMs,
  type CameraSeen,
  type Causes,
  type KnownIncident,
  type NodeSeen,
} from './types.ts'

const LIMITS = { intervalSeconds: 30, recoveries: 2 }
const SECOND = 1_000
const WEEK_AGO = 1_000
/** when things fail in these cases, ms */
const T = 600_000_000
const NOW = T + 90 * SECOND

const camera = (id: number, parentId: number | null, rest: Partial<CameraSeen> = {}): CameraSeen => ({
  id,
  parentId,
  state: 'up',
  since: WEEK_AGO,
  failing: false,
  fault: null,
  site: null,
  subnet: null,
  layer: null,
  planned: false,
  ...rest,
})
const down = (since: number, rest: Partial<CameraSeen> = {}): Partial<CameraSeen> => ({
  state: 'down',
  since,
  failing: true,
  layer: 'network',
  fault: 'timeout',
  ...rest,
})
const node = (id: number, code: string, parentId: number | null, rest: Partial<NodeSeen> = {}): NodeSeen => ({
  id,
  code,
  parentId,
  probed: false,
  state: 'unknown',
  since: 0,
  failing: false,
  fault: null,
  ...rest,
})
const answering = { probed: true, state: 'up', since: WEEK_AGO } as const
const dead = (since: number) =>
  ({ probed: true, state: 'down', since, failing: true, fault: 'timeout' }) as const
const many = (count: number, from: number, make: (place: number) => CameraSeen) =>
  Array.from({ length: count }, (_, place) => ({ ...make(place), id: from + place }))
const ids = (from: number, count: number) => Array.from({ length: count }, (_, place) => from + place)

const find = (scene: Partial<Scene>, now = NOW) =>
  findCauses({ nodes: [], cameras: [], incidents: [], ...scene }, now, LIMITS)
const brief = ({ causes }: Causes) => causes.map(({ kind, subject, cameras }) => [kind, subject, cameras])
/** What is on record after what was found. */
const onRecord = (found: Causes, endedAt: number | null = null): KnownIncident[] =>
  found.causes.map(({ kind, subject, since, cameras }, place) => ({
    id: place + 1,
    kind,
    subject,
    cameras,
    startedAt: since,
    endedAt,
  }))

describe('a switch without a probe of its own', () => {
  const nodes = [node(1, 'sw-1', null)]
  const dying = many(39, 1, (place) => camera(0, 1, down(T + place * SECOND)))

  it('dies with 39 cameras: one cause, 39 unreachable since the first of them', () => {
    const found = find({ nodes, cameras: dying })
    expect(found.causes).toEqual([
      {
        kind: 'node',
        subject: 'sw-1',
        nodeId: 1,
        since: T,
        fault: 'timeout',
        cameras: ids(1, 39),
        absorbs: [],
      },
    ])
    expect([...found.unreachable]).toEqual(ids(1, 39).map((id) => [id, T]))
    expect(found.own.size).toBe(0)
  })

  it('is known by the second confirmed camera, where all others just failed too', () => {
    const cameras = dying.map((one, place) =>
      place < 2 ? one : camera(one.id, 1, { state: 'up', failing: true }),
    )
    expect(brief(find({ nodes, cameras }))).toEqual([['node', 'sw-1', [1, 2]]])
    expect(
      brief(find({ nodes, cameras: cameras.map((one, place) => (place === 1 ? camera(2, 1) : one)) })),
    ).toEqual([])
  })

  it.each([
    ['one camera still answers', camera(40, 1)],
    [
      'one fails at its picture: it can be reached',
      camera(40, 1, down(T, { layer: 'picture', fault: 'frozen' })),
    ],
    ['one has a name that leads nowhere', camera(40, 1, down(T, { fault: 'dns' }))],
  ])('has not failed where %s', (_name, other) => {
    const found = find({ nodes, cameras: [...dying, other] })
    expect(found.causes).toEqual([])
    expect(found.unreachable.size).toBe(0)
  })

  it.each([
    ['planned work', camera(40, 1, { planned: true })],
    ['nothing known', camera(40, 1, { state: 'unknown' })],
    ['down for a week', camera(40, 1, down(WEEK_AGO))],
  ])('has failed where one is silent: %s; that one is not behind it', (_name, other) => {
    const found = find({ nodes, cameras: [...dying, other] })
    expect(brief(found)).toEqual([['node', 'sw-1', ids(1, 39)]])
    expect(found.unreachable.has(40)).toBe(false)
  })

  it('two cameras that failed a day apart are two failures', () =>
    expect(
      find({ nodes, cameras: [camera(1, 1, down(T - 86_400 * SECOND)), camera(2, 1, down(T))] }).causes,
    ).toEqual([]))

  it('comes back with its first camera; the rest may take its time, and who stays down is down since then', () => {
    const first = find({ nodes, cameras: dying })
    const back = T + 300 * SECOND
    const cameras = dying.map((one, place) =>
      place === 7
        ? { ...one, state: 'up' as const, since: back, failing: false, layer: null, fault: null }
        : one,
    )
    const turned = find({ nodes, cameras, incidents: onRecord(first) }, back + 30 * SECOND)
    expect(turned.causes).toEqual([])
    expect(turned.ended).toEqual([{ id: 1, at: back }])
    expect(turned.unreachable.get(1)).toBe(T)
    expect(turned.unreachable.size).toBe(38)
    const over = onRecord(first, back)
    const last = back + graceMs(LIMITS)
    expect(find({ nodes, cameras, incidents: over }, last - 1).unreachable.size).toBe(38)
    const after = find({ nodes, cameras, incidents: over }, last)
    expect(after.unreachable.size).toBe(0)
    expect(after.own.get(1)).toBe(back)
    expect(after.causes).toEqual([])
  })

  it('that fails again before they answered takes them along again', () => {
    const first = find({ nodes, cameras: dying })
    const over = onRecord(first, T + 300 * SECOND)
    const again = T + 360 * SECOND
    const probed = [node(1, 'sw-1', null, dead(again))]
    const found = find({ nodes: probed, cameras: dying, incidents: over }, again + 60 * SECOND)
    expect(brief(found)).toEqual([['node', 'sw-1', ids(1, 39)]])
    expect(found.own.size).toBe(0)
  })

  it('goes on as the same incident while its cameras fail, and takes in those that come later', () => {
    const incidents = onRecord(find({ nodes, cameras: dying }))
    const later = camera(40, 1, down(T + 3_600 * SECOND))
    const found = find({ nodes, cameras: [...dying, later], incidents }, T + 4_000 * SECOND)
    expect(found.causes).toMatchObject([{ subject: 'sw-1', since: T, cameras: ids(1, 40) }])
    expect(found.ended).toEqual([])
  })

  it('ends with its node, and where nothing below it fails any more', () => {
    const incidents = onRecord(find({ nodes, cameras: dying }))
    expect(find({ nodes: [], cameras: dying, incidents }).ended).toEqual([{ id: 1, at: NOW }])
    const gone = dying.map((one) => ({ ...one, state: 'unknown' as const }))
    expect(find({ nodes, cameras: gone, incidents }).ended).toEqual([{ id: 1, at: NOW }])
  })
})

describe('several levels', () => {
  const nodes = [node(1, 'power', null), node(2, 'sw-a', 1), node(3, 'sw-b', 1)]
  const a = (since: number) => many(5, 1, () => camera(0, 2, down(since)))
  const b = (since: number) => many(5, 6, () => camera(0, 3, down(since)))

  it('the lowest node that covers all that failed is the cause', () => {
    const up = many(5, 6, () => camera(0, 3))
    expect(brief(find({ nodes, cameras: [...a(T), ...up] }))).toEqual([['node', 'sw-a', ids(1, 5)]])
    expect(brief(find({ nodes: nodes.slice(0, 2), cameras: a(T) }))).toEqual([['node', 'sw-a', ids(1, 5)]])
    expect(brief(find({ nodes, cameras: [...a(T), ...b(T + SECOND)] }))).toEqual([
      ['node', 'power', ids(1, 10)],
    ])
  })
  it('a switch that failed a week ago is a cause of its own when the other one fails', () =>
    expect(brief(find({ nodes, cameras: [...a(WEEK_AGO), ...b(T)] }))).toEqual([
      ['node', 'sw-a', ids(1, 5)],
      ['node', 'sw-b', ids(6, 5)],
    ]))
  it('what was known of the switch first becomes part of the failure of its power', () => {
    const incidents = onRecord(find({ nodes, cameras: [...a(T), ...many(5, 6, () => camera(0, 3))] }))
    const found = find({ nodes, cameras: [...a(T), ...b(T + SECOND)], incidents })
    expect(found.causes).toMatchObject([{ subject: 'power', absorbs: [1], cameras: ids(1, 10) }])
    expect(found.ended).toEqual([])
  })
  it('of probed nodes the highest failed one is the cause, though its word came later', () => {
    const probed = [node(1, 'power', null, dead(T + 20 * SECOND)), node(2, 'sw-a', 1, dead(T))]
    const found = find({ nodes: probed, cameras: a(T) })
    expect(found.causes).toMatchObject([{ subject: 'power', since: T + 20 * SECOND, cameras: ids(1, 5) }])
  })
  it('but not across one that answers', () => {
    const probed = [
      node(1, 'power', null, dead(T)),
      node(2, 'link', 1, answering),
      node(3, 'sw-b', 2, dead(T)),
    ]
    expect(brief(find({ nodes: probed, cameras: b(T) }))).toEqual([
      ['node', 'power', []],
      ['node', 'sw-b', ids(6, 5)],
    ])
  })
  it('a node that just stopped answering proves nothing', () => {
    const probed = [node(1, 'power', null, dead(T)), node(2, 'sw-a', 1, { ...answering, failing: true })]
    expect(brief(find({ nodes: probed, cameras: a(T) }))).toEqual([['node', 'power', ids(1, 5)]])
  })
  it('a circle in what was drawn is no endless way', () => {
    const circle = [node(1, 'x', 2), node(2, 'y', 1)]
    expect(find({ nodes: circle, cameras: a(T) }).unreachable.size).toBe(5)
  })
})

describe('a recorder with a probe of its own', () => {
  const cameras = [
    camera(1, 1, down(T, { layer: 'protocol', fault: 'silent' })),
    camera(2, 1),
    camera(3, 1, down(WEEK_AGO)),
    camera(4, 1, down(T, { planned: true })),
  ]
  it('fails: who fails behind it is unreachable at whatever layer, who answers is up, who was down long before stays down', () => {
    const found = find({ nodes: [node(1, 'nvr', null, dead(T))], cameras })
    expect(brief(found)).toEqual([['node', 'nvr', [1]]])
    expect([...found.unreachable.keys()]).toEqual([1, 4])
  })
  it('that answers is no cause', () => {
    const dark = many(4, 1, () => camera(0, 1, down(T)))
    expect(find({ nodes: [node(1, 'nvr', null, answering)], cameras: dark }).causes).toEqual([])
  })
  it('comes back when its own probe says so', () => {
    const incidents = onRecord(find({ nodes: [node(1, 'nvr', null, dead(T))], cameras }))
    const back = T + 200 * SECOND
    const nodes = [node(1, 'nvr', null, { ...answering, since: back })]
    const found = find({ nodes, cameras, incidents }, back + graceMs(LIMITS))
    expect(found.ended).toEqual([{ id: 1, at: back }])
    expect([...found.own]).toEqual([[1, back]])
  })
})

describe('without a topology', () => {
  const at = (site: string | null, subnet: string | null, since: number) => ({ ...down(since), site, subnet })
  it('a pole: outages that began together are one likely cause, and stay outages', () => {
    const cameras = [
      camera(1, null, at('A', null, T)),
      camera(2, null, at('A', null, T + 50 * SECOND)),
      camera(3, null, { site: 'A' }),
      camera(4, null, at('A', null, WEEK_AGO)),
    ]
    const found = find({ cameras })
    expect(brief(found)).toEqual([['site', 'A', [1, 2]]])
    expect(found.unreachable.size).toBe(0)
  })
  it('two unrelated cameras are none', () => {
    expect(
      find({ cameras: [camera(1, null, at('A', null, T)), camera(2, null, at('B', null, T))] }).causes,
    ).toEqual([])
    const apart = T + togetherMs(LIMITS) + 1
    expect(
      find({ cameras: [camera(1, null, at('A', null, T)), camera(2, null, at('A', null, apart))] }).causes,
    ).toEqual([])
  })
  it('a subnet of several sites goes before its sites; one site is a site', () => {
    const net = '10.0.1.0/24'
    const cameras = [
      camera(1, null, at('A', net, T)),
      camera(2, null, at('A', net, T)),
      camera(3, null, at('B', net, T)),
    ]
    expect(brief(find({ cameras }))).toEqual([['subnet', net, [1, 2, 3]]])
    expect(brief(find({ cameras: cameras.slice(0, 2) }))).toEqual([['site', 'A', [1, 2]]])
    expect(brief(find({ cameras: cameras.map((one) => ({ ...one, site: 'A' })) }))).toEqual([
      ['site', 'A', [1, 2, 3]],
    ])
    expect(brief(find({ cameras: cameras.map((one) => ({ ...one, site: null })) }))).toEqual([
      ['subnet', net, [1, 2, 3]],
    ])
  })
  it('goes on while one of them fails, ends with the last that came back, and takes no later outage for its own', () => {
    const both = [camera(1, null, at('A', null, T)), camera(2, null, at('A', null, T))]
    const incidents = onRecord(find({ cameras: both }))
    const one = [camera(1, null, { site: 'A', since: T + 500 * SECOND }), both[1] as CameraSeen]
    const later = camera(3, null, at('A', null, T + 7_200 * SECOND))
    const found = find({ cameras: [...one, later], incidents }, T + 8_000 * SECOND)
    expect(found.causes).toMatchObject([{ kind: 'site', since: T, cameras: [2] }])
    expect(found.ended).toEqual([])
    const none = [one[0] as CameraSeen, camera(2, null, { site: 'A', since: T + 600 * SECOND }), later]
    expect(find({ cameras: none, incidents }, T + 8_000 * SECOND)).toMatchObject({
      causes: [],
      ended: [{ id: 1, at: T + 600 * SECOND }],
    })
  })
  it('planned work is no sign', () =>
    expect(
      find({
        cameras: [camera(1, null, at('A', null, T)), camera(2, null, { ...at('A', null, T), planned: true })],
      }).causes,
    ).toEqual([]))
})

describe('with 5,000 cameras', () => {
  it('one look costs less than 100 ms', () => {
    const nodes = many(300, 1, () => camera(0, null)).map(({ id }) =>
      node(id, `n${id}`, id <= 20 ? null : (id % 20) + 1),
    )
    const cameras = many(5_000, 1, (place) =>
      camera(0, place % 10 === 0 ? null : (place % 280) + 21, {
        ...(place % 3 === 0 ? down(T + (place % 90) * SECOND) : {}),
        site: `s${place % 2_000}`,
        subnet: `10.0.${place % 200}.0/24`,
      }),
    )
    find({ nodes, cameras })
    const start = performance.now()
    find({ nodes, cameras })
    expect(performance.now() - start).toBeLessThan(100)
  })
})
