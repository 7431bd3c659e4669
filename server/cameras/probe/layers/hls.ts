import { parse, setOptions, types } from 'hls-parser'
import { targetOf, type Target } from '../targets.ts'
import { ProbeFault, type StreamMemory } from '../types.ts'
import { firstBytes, mustSucceed, type Web } from './http.ts'
import type { Limit } from './scope.ts'

// Real servers bend the rules that the parser knows; players take it, and so does the check.
setOptions({ silent: true, strictMode: false })

const MOST_BYTES = 1_048_576
/** Of variants and renditions: the parser compares each with each, and takes minutes for a megabyte of them. */
const MOST_IN_MASTER = 200
/** A server should bring the next segment within 1.5 target durations (RFC 8216, 6.2.1). */
const LATE = 1.5
/** Players have run dry by then: three segments is what they hold. */
const STUCK = 3
const LESS_THAN = 0x3c

export interface Listing {
  text: string
  url: URL
  latencyMs: number
}

/** Fetches a playlist. Throws a ProbeFault. */
export async function fetchPlaylist(web: Web, target: Target, limit: Limit): Promise<Listing> {
  const answer = await web.ask(target, limit)
  mustSucceed(answer)
  const bytes = await firstBytes(answer.response, MOST_BYTES + 1)
  if (bytes.length > MOST_BYTES) throw new ProbeFault('bad-playlist', 'larger than 1 MiB')
  return { text: bytes.toString('utf8'), url: answer.url, latencyMs: answer.latencyMs }
}

export interface MediaPlaylist {
  playlist: types.MediaPlaylist
  url: URL
  newest: types.Segment
}

/** The media playlist itself, or that of a master's smallest variant. Throws a ProbeFault. */
export async function mediaOf(web: Web, listing: Listing, limit: Limit): Promise<MediaPlaylist> {
  const first = read(listing.text)
  if (first instanceof types.MediaPlaylist) return withNewest(first, listing.url)
  const smallest = first.variants
    .filter((variant) => variant.isIFrameOnly !== true)
    .sort((a, b) => a.bandwidth - b.bandwidth)[0]
  if (smallest === undefined) throw new ProbeFault('bad-playlist', 'no variants')
  const variant = await fetchPlaylist(web, targetIn(smallest.uri, listing.url), limit)
  const playlist = read(variant.text)
  if (playlist instanceof types.MasterPlaylist) throw new ProbeFault('bad-playlist', 'a master in a master')
  return withNewest(playlist, variant.url)
}

function withNewest(playlist: types.MediaPlaylist, url: URL): MediaPlaylist {
  const newest = playlist.segments.findLast((segment) => segment.gap !== true)
  if (newest === undefined) throw new ProbeFault('bad-playlist', 'no segments')
  return { playlist, url, newest }
}

/** Throws 'bad-playlist'. */
export function read(text: string): types.MasterPlaylist | types.MediaPlaylist {
  if ((text.match(/#EXT-X-(?:STREAM-INF|I-FRAME-STREAM-INF|MEDIA:|SESSION-)/g)?.length ?? 0) > MOST_IN_MASTER)
    throw new ProbeFault('bad-playlist', `more than ${MOST_IN_MASTER} variants`)
  let playlist: types.MasterPlaylist | types.MediaPlaylist
  try {
    playlist = parse(text.replace(/^\uFEFF/, '').trimStart())
  } catch {
    throw new ProbeFault('bad-playlist')
  }
  if (!/^\uFEFF?\s*#EXTM3U/.test(text)) throw new ProbeFault('bad-playlist', 'no #EXTM3U')
  if (playlist instanceof types.MediaPlaylist && !(playlist.targetDuration > 0))
    throw new ProbeFault('bad-playlist', 'no target duration')
  return playlist
}

/**
 * Whether a playlist advances, by the media sequence of its newest segment and the time since that was first seen: what
 * PROGRAM-DATE-TIME says is the encoder's belief. A recording, or a stream that ended, need not advance. A lower number is a
 * server that began anew.
 */
export function follow(
  playlist: types.MediaPlaylist,
  memory: StreamMemory,
  now: number,
): { memory: StreamMemory; stuck: string | null; late: string | null } {
  if (playlist.endlist || playlist.playlistType === 'VOD') return { memory: {}, stuck: null, late: null }
  const sequence = (playlist.mediaSequenceBase ?? 0) + playlist.segments.length - 1
  const since = memory.sequence === sequence ? (memory.sequenceSince ?? now) : now
  const next = { sequence, sequenceSince: since, targetDuration: playlist.targetDuration }
  const seconds = Math.round((now - since) / 1_000)
  const words = `sequence ${sequence} for ${seconds} s`
  return {
    memory: next,
    stuck: seconds > STUCK * playlist.targetDuration ? words : null,
    late: seconds > LATE * playlist.targetDuration ? words : null,
  }
}

/** The first bytes of the newest segment are there, and are no page that says something else. Throws 'segment'. */
export async function fetchNewest(web: Web, { newest, url }: MediaPlaylist, limit: Limit): Promise<void> {
  limit.late = 'segment'
  try {
    const target = targetIn(newest.uri, url)
    const answer = await web.ask(target, { late: 'segment' }, { headers: { range: 'bytes=0-4095' } })
    mustSucceed(answer)
    const bytes = await firstBytes(answer.response, 188)
    if (bytes.length === 0) throw new ProbeFault('segment', 'empty')
    if ((newest.key ?? null) === null && bytes[0] === LESS_THAN)
      throw new ProbeFault('segment', 'a page instead of video')
  } catch (error) {
    if (!(error instanceof ProbeFault) || error.fault === 'segment') throw error
    throw new ProbeFault('segment', `${error.fault} ${error.detail}`.trim())
  }
}

/** Where an address of a playlist leads. Throws 'bad-playlist'. */
export function targetIn(uri: string, base: URL): Target {
  const url = URL.canParse(uri, base.href) ? new URL(uri, base.href) : null
  const target = url !== null && ['http:', 'https:'].includes(url.protocol) ? targetOf(url) : null
  if (target === null) throw new ProbeFault('bad-playlist', 'an address that leads nowhere')
  return target
}
