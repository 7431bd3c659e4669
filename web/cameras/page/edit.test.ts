import { describe, expect, it } from 'vitest'
import type { CameraConfig } from '#contract/camera-list.ts'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { draftOf, editOf, editOfDraft, faultOf } from './edit.ts'

const config: CameraConfig = {
  id: 7,
  streamId: 's7',
  name: 'Simpang',
  address: null,
  latitude: -7.9,
  longitude: 112.6,
  owner: 'Dishub',
  vendor: null,
  group: 'simpang',
  parentId: 3,
  enabled: true,
  targets: { rtsp: 'rtsp://10.0.0.7/1', tcp: '10.0.0.7:554' },
  settings: { intervalSeconds: 60, frozenPictures: 0, layers: ['network'] },
  hasSecret: true,
  pinned: [],
  effective: { ...DEFAULT_SETTINGS, intervalSeconds: 60, frozenPictures: 0, layers: ['network'] },
}

describe('a form of a camera', () => {
  it('sends back what it was given where nothing was changed', () => {
    const { id, streamId, hasSecret, pinned, effective, ...given } = config
    expect([id, streamId, hasSecret, pinned, effective.failures]).toEqual([7, 's7', true, [], 3])
    expect(editOf(config)).toEqual(given)
  })
  it('sends nothing of what was emptied, and keeps a zero', () => {
    const draft = draftOf(config)
    draft.owner = '  '
    draft.parentId = ''
    draft.targets.tcp = ''
    draft.numbers.intervalSeconds = null
    draft.layers = null
    const edit = editOfDraft(draft)
    expect(edit.owner).toBeNull()
    expect(edit.parentId).toBeNull()
    expect(edit.targets).toEqual({ rtsp: 'rtsp://10.0.0.7/1' })
    expect(edit.settings).toEqual({ frozenPictures: 0 })
  })
})

it('faultOf names the field of a refusal, and nothing of another failure', () => {
  const refusal = Object.assign(new Error('no'), {
    details: { field: 'targets.rtsp', expected: 'must be short' },
  })
  expect(faultOf(refusal)).toEqual({ field: 'targets.rtsp', expected: 'must be short' })
  expect(faultOf(Object.assign(new Error('no'), { details: {} }))).toBeNull()
  expect(faultOf(new TypeError('fetch failed'))).toBeNull()
})
