/** Seconds that each of the ready-made segments shows, and how many there are: they come again and again. */
export const SEGMENT_SECONDS = 4
export const SEGMENTS = 8
/** How many segments a playlist names. */
const LISTED = 5

/** The number of the newest segment that is over at a moment (ms since 1970). */
export const newestSegment = (ms: number) => Math.floor(ms / (SEGMENT_SECONDS * 1_000)) - 1

/** Which of the ready-made segments a number stands for. */
export const recordingOf = (sequence: number) => ((sequence % SEGMENTS) + SEGMENTS) % SEGMENTS

/**
 * The live playlist at a moment (ms since 1970), so that everybody sees the same. Where the recording begins anew its
 * timestamps do, too, which is told by a discontinuity; those that have left the list stay counted (RFC 8216, 6.2.2).
 */
export function livePlaylist(ms: number): string {
  const newest = newestSegment(ms)
  const first = newest - LISTED + 1
  const segments = Array.from({ length: LISTED }, (_, index) => first + index).flatMap((sequence) => [
    ...(recordingOf(sequence) === 0 && sequence > first ? ['#EXT-X-DISCONTINUITY'] : []),
    `#EXTINF:${SEGMENT_SECONDS}.0,`,
    `${sequence}.ts`,
  ])
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(first / SEGMENTS)}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...segments,
    '',
  ].join('\n')
}
