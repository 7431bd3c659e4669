import { describeRtsp } from '../layers/rtsp.ts'
import { Scope } from '../layers/scope.ts'
import type { Probed } from '../types.ts'
import { MAX_PICTURE_BYTES } from './decode.ts'
import { quietly, type Ffmpeg } from './ffmpeg.ts'
import { openGate } from './rtsp-gate.ts'
import { download, newestSegment } from './segment.ts'
import { connectionsOf, targetOf, webOf, type Reach } from './web.ts'

/** For ffmpeg to decode one key frame; two busy cores take a second for one of 4K. */
const DECODE_MS = 10_000
/** So long may a camera's next key frame take beyond its time for an answer. */
const KEY_FRAME_MS = 10_000
const ONLY_KEY_FRAMES = ['-skip_frame', 'nokey', '-threads', '1']
/** A JPEG that is large enough to judge and small enough to hold. */
const ONE_FRAME = [
  ...['-map', '0:v:0', '-frames:v', '1', '-vf', "scale='min(1280,iw)':-2", '-threads', '1'],
  ...['-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
]
/** ffmpeg speaks to the gate alone, over the connection that is already there. */
export const RTSP_INPUT = [
  ...['-rtsp_transport', 'tcp', '-allowed_media_types', 'video'],
  ...['-fflags', 'nobuffer', '-fpsprobesize', '0', '-analyzeduration', '1000000'],
]

export interface GrabDeps extends Reach {
  ffmpeg: Ffmpeg
  /** ends it at once: it fails then */
  signal?: AbortSignal
}
export type PictureSource = 'snapshot' | 'hls' | 'rtsp'
type Grabbed = Pick<Probed, 'targets' | 'credentials'> & { settings: Pick<Probed['settings'], 'timeoutMs'> }

/** Where a camera's picture comes from, cheapest first; null where it has none. */
export function pictureSource({ targets }: Pick<Probed, 'targets'>): PictureSource | null {
  if (targets.snapshot !== undefined) return 'snapshot'
  if (targets.hls !== undefined) return 'hls'
  return targets.rtsp === undefined ? null : 'rtsp'
}

/**
 * One picture of a camera, as JPEG or PNG, not yet looked at. Everything that it opened is closed when it settles. Throws a
 * ProbeFault, or FfmpegMissing where only ffmpeg could have made the picture.
 */
export async function grab(source: PictureSource, probed: Grabbed, deps: GrabDeps): Promise<Buffer> {
  const take = async () => {
    const scope = new Scope()
    const stop = () => scope.close()
    deps.signal?.addEventListener('abort', stop, { once: true })
    try {
      deps.signal?.throwIfAborted()
      return await GRAB[source](probed, deps, scope)
    } finally {
      deps.signal?.removeEventListener('abort', stop)
      scope.close()
    }
  }
  return source === 'snapshot' ? take() : deps.ffmpeg.inTurn(take)
}

const GRAB: Record<PictureSource, (probed: Grabbed, deps: GrabDeps, scope: Scope) => Promise<Buffer>> = {
  snapshot: (probed, deps, scope) =>
    scope.within(probed.settings.timeoutMs, async (limit) =>
      download(webOf(probed, deps, scope), targetOf('snapshot', probed), limit, MAX_PICTURE_BYTES + 1),
    ),

  // ffmpeg reads the segment from a pipe and may open nothing
  hls: async (probed, deps, scope) => {
    const input = await scope.within(2 * probed.settings.timeoutMs, async (limit) =>
      newestSegment(webOf(probed, deps, scope), targetOf('hls', probed), limit),
    )
    const args = [...quietly('pipe'), ...ONLY_KEY_FRAMES, '-i', 'pipe:0', ...ONE_FRAME]
    return deps.ffmpeg.run(args, { input, timeoutMs: DECODE_MS, maxBytes: MAX_PICTURE_BYTES, scope })
  },

  rtsp: async (probed, deps, scope) => {
    const { timeoutMs } = probed.settings
    const described = await scope.within(timeoutMs, async (limit) =>
      describeRtsp(connectionsOf(deps, scope), targetOf('rtsp', probed), probed.credentials, limit),
    )
    const gate = await openGate(described, scope)
    const args = [...quietly('tcp,rtp'), ...ONLY_KEY_FRAMES, ...RTSP_INPUT, '-i', gate.url, ...ONE_FRAME]
    const limits = { timeoutMs: timeoutMs + KEY_FRAME_MS, maxBytes: MAX_PICTURE_BYTES, scope }
    return deps.ffmpeg.run(args, limits).finally(() => gate.leave())
  },
}
