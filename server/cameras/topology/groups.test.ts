import { describe, expect, it } from 'vitest'
import { LIMITS, SECOND, WEEK_AGO, T, camera, down, find, brief, onRecord } from './testing/scene.ts'
import { togetherMs, type CameraSeen } from './types.ts'

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
