import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BATCH_MS, type RoomDelta } from '#contract/live.ts'
import type { CameraStatus } from '#contract/camera.ts'
import { Sequenced } from './room.ts'
import { AlertsRoom, CamerasRoom, PricesRoom } from './states.ts'

const status = (id: number, state: CameraStatus['state'], second = 0): CameraStatus => ({
  id,
  state,
  since: `2026-11-24T03:00:${String(second).padStart(2, '0')}.000Z`,
  at: '2026-11-24T03:00:00.000Z',
  reason: null,
  feed: 'f',
  demo: false,
  flapping: false,
  layer: null,
  fault: null,
})

const alert = (id: number) => ({
  id,
  rule: 'feed-stale' as const,
  subject: `feed ${id}`,
  severity: 'warning' as const,
  facts: {},
  openedAt: '2026-11-24T03:00:00.000Z',
})

describe('a room in sequence', () => {
  let sent: RoomDelta<'cameras'>[]
  let state: CamerasRoom
  let room: Sequenced<'cameras'>
  const change = (...statuses: CameraStatus[]) => {
    if (state.put(statuses)) room.changed()
  }
  beforeEach(() => {
    vi.useFakeTimers()
    sent = []
    state = new CamerasRoom()
    room = new Sequenced(state, 'one life', (delta) => sent.push(delta))
  })
  afterEach(() => {
    room.close()
    vi.useRealTimers()
  })

  it('sends the first change after quiet at once, and what follows in one batch', () => {
    change(status(1, 'down'))
    expect(sent.map(({ seq, data }) => [seq, data.changed.length])).toEqual([[1, 1]])
    for (let id = 1; id <= 500; id += 1) change(status(id, 'down', 1))
    vi.advanceTimersByTime(BATCH_MS - 1)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sent.map(({ seq, data }) => [seq, data.changed.length])).toEqual([
      [1, 1],
      [2, 500],
    ])
  })
  it('keeps the pace while changes go on, and is quiet again afterwards', () => {
    for (let ms = 0; ms < 1_000; ms += 10) {
      change(status(1, ms % 20 === 0 ? 'down' : 'up', ms / 20))
      vi.advanceTimersByTime(10)
    }
    expect(sent.length).toBeLessThanOrEqual(1 + 1_000 / BATCH_MS)
    vi.advanceTimersByTime(2 * BATCH_MS)
    const before = sent.length
    change(status(2, 'down'))
    expect(sent).toHaveLength(before + 1)
  })
  it('lets the last state of a batch win', () => {
    change(status(9, 'up'))
    change(status(1, 'down', 1))
    change(status(1, 'up', 2))
    vi.advanceTimersByTime(BATCH_MS)
    expect(sent.at(-1)?.data.changed).toEqual([status(1, 'up', 2)])
  })
  it('has in a snapshot all that was sent until its sequence number, and sends no batch for it', () => {
    change(status(1, 'down'))
    change(status(2, 'down'))
    for (let client = 0; client < 1_000; client += 1) room.snapshot()
    expect(sent).toHaveLength(1)
    const snapshot = room.snapshot()
    expect(snapshot).toMatchObject({ room: 'cameras', epoch: 'one life', seq: 1 })
    // What waits is there already, and comes again with the number that follows.
    expect(snapshot.data.map(({ id }) => id)).toEqual([1, 2])
    vi.advanceTimersByTime(5 * BATCH_MS)
    expect(sent.map(({ seq, data }) => [seq, data.changed.map(({ id }) => id)])).toEqual([
      [1, [1]],
      [2, [2]],
    ])
  })
  it('does not send what everybody knows', () => {
    change(status(1, 'down'))
    change(status(1, 'down'))
    vi.advanceTimersByTime(5 * BATCH_MS)
    expect(sent).toHaveLength(1)
  })
  it('tells a reason that changed, and that the list changed', () => {
    change(status(1, 'down'))
    change({ ...status(1, 'down'), reason: 'no power' })
    vi.advanceTimersByTime(BATCH_MS)
    expect(sent.at(-1)?.data.changed).toMatchObject([{ id: 1, reason: 'no power' }])
    state.list()
    room.changed()
    vi.advanceTimersByTime(BATCH_MS)
    expect(sent.at(-1)?.data).toEqual({ changed: [], listed: true })
  })
})

describe('what was read while a fact arrived', () => {
  it('does not undo the fact, and is news about all else', () => {
    const room = new CamerasRoom()
    room.put([status(1, 'up'), status(2, 'up')])
    const readAt = room.turn
    room.put([status(1, 'down', 5)])
    room.take()
    expect(room.put([status(1, 'up'), status(2, 'down', 3), status(3, 'up')], readAt)).toBe(true)
    expect(room.take()?.changed).toEqual([status(2, 'down', 3), status(3, 'up')])
    expect(room.snapshot()[0]).toEqual(status(1, 'down', 5))
  })
  it('neither closes an alert that was opened meanwhile, nor opens one that is over', () => {
    const room = new AlertsRoom()
    room.put({ opened: [alert(1), alert(2)], resolved: [] })
    const readAt = room.turn
    room.put({ opened: [alert(3)], resolved: [1] })
    room.take()
    room.renew([alert(1), alert(4)], readAt)
    expect(room.take()).toEqual({ opened: [alert(4)], resolved: [2] })
    expect(room.snapshot().map(({ id }) => id)).toEqual([3, 4])
  })
})

describe('what a room holds', () => {
  it('prices: the newest day of each commodity; an older figure travels, but does not replace it', () => {
    const room = new PricesRoom()
    const figure = (day: string, median: number) => ({
      commodity: 'cabai',
      day,
      median,
      low: 1,
      high: 2,
      markets: 3,
      demo: false,
      flapping: false,
      layer: null,
      fault: null,
    })
    room.put({ latestDay: '2026-11-24', city: [figure('2026-11-24', 20)], quotes: [] })
    room.take()
    room.put({ latestDay: '2026-11-23', city: [figure('2026-11-23', 10)], quotes: [] })
    expect(room.take()).toMatchObject({ latestDay: '2026-11-24', city: [{ median: 10 }] })
    expect(room.snapshot()).toMatchObject({ latestDay: '2026-11-24', city: [{ median: 20 }] })
  })
  it('prices: of a bulk load only the newest of each commodity travels', () => {
    const room = new PricesRoom()
    const figure = (commodity: string, n: number) => ({
      commodity,
      day: new Date(Date.UTC(2020, 0, n)).toISOString().slice(0, 10),
      median: n,
      low: n,
      high: n,
      markets: 1,
      demo: false,
      flapping: false,
      layer: null,
      fault: null,
    })
    room.put({
      latestDay: '2026-11-24',
      city: [{ ...figure('beras', 1), day: '2026-11-24' }],
      quotes: [],
    })
    room.take()
    room.put({
      latestDay: null,
      city: Array.from({ length: 1_000 }, (_, n) => figure('beras', n + 1)),
      quotes: [],
    })
    expect(room.take()?.city).toEqual([figure('beras', 1_000)])
  })
  it('alerts: what was resolved is gone, also where it opened in the same batch', () => {
    const room = new AlertsRoom()
    room.put({ opened: [alert(1)], resolved: [] })
    room.put({ opened: [alert(2)], resolved: [1] })
    expect(room.take()).toEqual({ opened: [alert(2)], resolved: [1] })
    expect(room.snapshot()).toEqual([alert(2)])
  })
})
