import { types } from 'hls-parser'
import { describe, expect, it } from 'vitest'
import { follow, read } from '../cameras/probe/layers/hls.ts'
import { livePlaylist, newestSegment, recordingOf, SEGMENT_SECONDS, SEGMENTS } from './playlist.ts'

const start = Date.parse('2026-11-24T00:00:00Z')
const at = (seconds: number) => {
  const playlist = read(livePlaylist(start + seconds * 1_000))
  if (!(playlist instanceof types.MediaPlaylist)) throw new Error('no media playlist')
  return playlist
}
/** Number and discontinuity number of each segment, as a player counts them. */
const numbersOf = (playlist: types.MediaPlaylist) => {
  let discontinuity = playlist.discontinuitySequenceBase ?? 0
  return playlist.segments.map(({ uri, discontinuity: begins }) => {
    if (begins === true) discontinuity += 1
    return [Number.parseInt(uri), discontinuity] as const
  })
}

describe('the live playlist', () => {
  it('names segments that are over, the newest a segment long ago at most', () => {
    for (let seconds = 0; seconds < 40; seconds += 0.5) {
      const { segments, mediaSequenceBase = 0, targetDuration } = at(seconds)
      expect(targetDuration).toBe(SEGMENT_SECONDS)
      expect(segments).toHaveLength(5)
      const end = (mediaSequenceBase + segments.length) * SEGMENT_SECONDS * 1_000 - start
      expect(end).toBeLessThanOrEqual(seconds * 1_000)
      expect(end).toBeGreaterThan((seconds - SEGMENT_SECONDS) * 1_000)
    }
  })
  it('counts each segment and discontinuity alike in every playlist, also those that left it', () => {
    const known = new Map<number, number>()
    const recordings: number[] = []
    for (let seconds = 0; seconds < 3 * SEGMENTS * SEGMENT_SECONDS; seconds += SEGMENT_SECONDS) {
      const numbers = numbersOf(at(seconds))
      for (const [sequence, discontinuity] of numbers) {
        expect(known.get(sequence) ?? discontinuity).toBe(discontinuity)
        known.set(sequence, discontinuity)
      }
      recordings.push(recordingOf(newestSegment(start + seconds * 1_000)))
    }
    expect(new Set(known.values()).size).toBe(4)
    expect(new Set(recordings).size).toBe(SEGMENTS)
    for (const [sequence, discontinuity] of known) {
      const before = known.get(sequence - 1)
      if (before !== undefined) expect(discontinuity - before).toBe(recordingOf(sequence) === 0 ? 1 : 0)
    }
  })
  it('never looks stuck or late to a probe', () => {
    let memory = {}
    for (let seconds = 0; seconds < 120; seconds += 7) {
      const followed = follow(at(seconds), memory, start + seconds * 1_000)
      expect([followed.stuck, followed.late]).toEqual([null, null])
      memory = followed.memory
    }
  })
})
