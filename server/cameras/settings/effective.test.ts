import { describe, expect, it } from 'vitest'
import type { CameraEdit } from '#contract/camera-list.ts'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { changesBetween, isChange, pinsOf } from './changes.ts'
import { effectiveSettings, isProbeable, misfitOf, watchesOf } from './effective.ts'
import { placesOf } from './place.ts'

describe('settings in force', () => {
  it.each([
    ['nothing', {}, {}, {}, {}],
    ['all', { failures: 5 }, {}, {}, { failures: 5 }],
    [
      'its group before all',
      { failures: 5, timeoutMs: 900 },
      { failures: 4 },
      {},
      { failures: 4, timeoutMs: 900 },
    ],
    ['itself before its group', { failures: 5 }, { failures: 4 }, { failures: 1 }, { failures: 1 }],
    [
      'itself only what it says',
      {},
      { intervalSeconds: 60 },
      { failures: 1 },
      { intervalSeconds: 60, failures: 1 },
    ],
  ])('are as %s says', (_name, all, group, own, expected) => {
    expect(effectiveSettings(all, group, own)).toEqual({ ...DEFAULT_SETTINGS, ...expected })
  })
  it('do not fit where flapping would end above where it begins', () => {
    expect(misfitOf({ ...DEFAULT_SETTINGS, flapLow: 0.5, flapHigh: 0.5 })).toBeNull()
    expect(misfitOf({ ...DEFAULT_SETTINGS, flapLow: 0.6, flapHigh: 0.5 })?.field).toBe('flapLow')
  })
})

it.each([
  [{}, false, []],
  [{ whep: 'http://h/whep', referer: 'http://h', cookieFrom: 'http://h' }, false, ['whep']],
  [{ ping: 'h' }, true, []],
  [{ hls: 'http://h/a.m3u8', snapshot: 'http://h/a.jpg' }, true, ['hls', 'snapshot']],
])('with %j is probed: %s, watched by %j', (targets, probed, watched) => {
  expect(isProbeable(targets)).toBe(probed)
  expect(watchesOf(targets)).toEqual(watched)
})

const EDIT: CameraEdit = {
  name: 'A',
  address: null,
  latitude: -7.98,
  longitude: 112.63,
  owner: null,
  vendor: null,
  group: null,
  parentId: null,
  enabled: true,
  targets: { rtsp: 'rtsp://h/1' },
  settings: { failures: 2, layers: ['network'] },
}

describe('a change', () => {
  it('is none where nothing differs', () => {
    const change = changesBetween(EDIT, structuredClone(EDIT))
    expect([isChange(change), change]).toEqual([false, { before: {}, after: {} }])
  })
  it('names each column that differs, inside targets and settings too', () => {
    const after = {
      ...EDIT,
      owner: 'Diskominfo',
      targets: { hls: 'http://h/a' },
      settings: { layers: EDIT.settings.layers ?? [] },
    }
    expect(changesBetween(EDIT, after)).toEqual({
      before: { owner: null, 'targets.rtsp': 'rtsp://h/1', 'targets.hls': null, 'settings.failures': 2 },
      after: {
        owner: 'Diskominfo',
        'targets.rtsp': null,
        'targets.hls': 'http://h/a',
        'settings.failures': null,
      },
    })
  })
  it.each([
    ['of what lists say too', { name: 'B', owner: 'X' }, ['name', 'owner']],
    ['of one half of the position, as a whole', { longitude: 112.7 }, ['longitude', 'latitude']],
    ['of what no list says, nothing', { vendor: 'X', group: 'Y', enabled: false }, []],
  ])('pins what is set by hand: %s', (_name, edit, pins) => {
    expect(pinsOf(changesBetween(EDIT, { ...EDIT, ...edit }))).toEqual(pins)
  })
})

describe('where cameras stand', () => {
  const nowhere = { districts: [], subdistricts: [] }
  /** metres to the north */
  const at = (streamId: string, metres: number) => ({
    streamId,
    latitude: -7.98 + metres / 111_320,
    longitude: 112.63,
  })
  const sitesOf = (
    moved: ReturnType<typeof at>[],
    standing: (ReturnType<typeof at> & { site: string | null })[] = [],
  ) => [...placesOf(nowhere, moved, standing).values()].map(({ site }) => site)

  it('is the site of the camera within 15 m', () => {
    expect(sitesOf([at('new', 14)], [{ ...at('old', 0), site: 'pole' }])).toEqual(['pole'])
  })
  it('is a site of their own beyond', () => {
    expect(sitesOf([at('new', 16)], [{ ...at('old', 0), site: 'pole' }])).not.toContain('pole')
  })
  it('is one site for those that come together', () => {
    const sites = sitesOf([at('a', 0), at('c', 24), at('b', 12), at('d', 60)])
    expect([new Set(sites.slice(0, 3)).size, sites[3] === sites[0]]).toEqual([1, false])
  })
})
