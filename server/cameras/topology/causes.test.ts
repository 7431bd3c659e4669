import { describe, expect, it } from 'vitest'
import {
  LIMITS,
  SECOND,
  WEEK_AGO,
  T,
  NOW,
  camera,
  down,
  node,
  answering,
  dead,
  many,
  ids,
  find,
  brief,
  onRecord,
} from './testing/scene.ts'
import { graceMs } from './types.ts'

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
    // The best of five: the machine does other things too.
    const took = Array.from({ length: 5 }, () => {
      const start = performance.now()
      find({ nodes, cameras })
      return performance.now() - start
    })
    expect(Math.min(...took)).toBeLessThan(100)
  })
})
