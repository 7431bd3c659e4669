import { ProbeFault } from '../cameras/probe/types.ts'
import type { SealedKind } from './seals.ts'

/** Gives an address of the stream as the browser is to ask for it. */
export type Seal = (kind: SealedKind, url: URL) => string

/** Tags without any address in them (RFC 8216, 4.3). */
const PLAIN = new Set([
  ...['EXTM3U', 'EXT-X-VERSION', 'EXT-X-TARGETDURATION', 'EXT-X-MEDIA-SEQUENCE', 'EXT-X-ENDLIST'],
  ...['EXT-X-DISCONTINUITY', 'EXT-X-DISCONTINUITY-SEQUENCE', 'EXT-X-PLAYLIST-TYPE', 'EXT-X-I-FRAMES-ONLY'],
  ...['EXT-X-INDEPENDENT-SEGMENTS', 'EXT-X-START', 'EXT-X-PROGRAM-DATE-TIME', 'EXT-X-BYTERANGE', 'EXT-X-GAP'],
  ...['EXT-X-BITRATE', 'EXT-X-ALLOW-CACHE', 'EXT-X-STREAM-INF'],
])
/** Tags with a URI, and what stands behind it. */
const WITH_URI = new Map<string, SealedKind>([
  ['EXT-X-MEDIA', 'list'],
  ['EXT-X-I-FRAME-STREAM-INF', 'list'],
  ['EXT-X-KEY', 'part'],
  ['EXT-X-SESSION-KEY', 'part'],
  ['EXT-X-MAP', 'part'],
])

/**
 * Rewrites a playlist so that everything it names is asked of this server: variants, renditions, segments, keys and
 * initializations, each resolved against the playlist's own address. Only known tags stay; comments, titles, low-latency parts and
 * extensions go, since they may name addresses and a player does without them. Throws a ProbeFault 'bad-playlist'.
 */
export function rewritePlaylist(text: string, base: URL, seal: Seal): string {
  // Trimmed one by one: a pattern with spaces on both sides of a break takes hours for two megabytes of spaces.
  const lines = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/[\r\n]+/)
    .map((line) => line.trim())
  if (lines[0] !== '#EXTM3U') throw new ProbeFault('bad-playlist', 'no #EXTM3U')
  let next: SealedKind = 'part'
  const kept = lines.flatMap((line) => {
    if (line === '') return []
    if (!line.startsWith('#')) {
      const kind = next
      next = 'part'
      const url = resolved(line, base)
      if (url === null) throw new ProbeFault('bad-playlist', 'an address that leads nowhere')
      return [seal(kind, url)]
    }
    const tag = /^#([A-Z0-9-]+)/.exec(line)?.[1] ?? ''
    if (tag === 'EXT-X-DEFINE') throw new ProbeFault('bad-playlist', 'EXT-X-DEFINE is not supported')
    if (tag === 'EXT-X-STREAM-INF') next = 'list'
    // behind the duration stands a title, which may say anything
    if (tag === 'EXTINF') return [`#EXTINF:${/^#EXTINF:\s*([\d.]+)/.exec(line)?.[1] ?? '0'},`]
    if (PLAIN.has(tag)) return [line]
    const kind = WITH_URI.get(tag)
    return kind === undefined ? [] : withSealedUri(line, kind, base, seal)
  })
  return `${kept.join('\n')}\n`
}

/**
 * A tag whose address is none that can be fetched (skd:// of a rights manager) is of no use here, and neither is one with an address
 * that is written in another way, or twice: a player may read it where this does not.
 */
function withSealedUri(line: string, kind: SealedKind, base: URL, seal: Seal): string[] {
  const uri = /([:,]\s*URI=)"([^"]*)"/.exec(line)
  const others = line.replace(uri?.[0] ?? '', '').replace(/"[^"]*"/g, '')
  if (/\bURI\s*=/.test(others)) return []
  if (uri === null) return [line]
  const url = resolved(uri[2] ?? '', base)
  return url === null ? [] : [line.replace(uri[0], () => `${uri[1]}"${seal(kind, url)}"`)]
}

function resolved(uri: string, base: URL): URL | null {
  if (!URL.canParse(uri, base)) return null
  const url = new URL(uri, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}
