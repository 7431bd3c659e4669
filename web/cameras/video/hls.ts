import Hls, { ErrorTypes, Events } from 'hls.js/light'
import workerPath from 'hls.js/dist/hls.worker.js?url'
import type { Playing, Transport, VideoFault } from './transport.ts'

/** A decoder that fails again so soon after it was mended is not mended by the same means. */
const MENDED_MS = 10_000

/** HLS: by hls.js where Media Source Extensions are there, else by the browser's own player. */
export const playHls: Transport = (video, url, failed) =>
  Promise.resolve(Hls.isSupported() ? byLibrary(video, url, failed) : byBrowser(video, url, failed))

function byLibrary(video: HTMLVideoElement, url: string, failed: (fault: VideoFault) => void): Playing {
  const hls = new Hls({
    workerPath,
    // A live picture only: what was seen is not kept.
    backBufferLength: 0,
    maxBufferLength: 20,
    maxMaxBufferLength: 30,
    liveMaxLatencyDurationCount: 8,
    liveSyncDurationCount: 2,
  })
  let mendedAt = -Infinity
  hls.on(Events.ERROR, (_event, { fatal, type }) => {
    if (!fatal) return
    if (type === ErrorTypes.MEDIA_ERROR && performance.now() - mendedAt > MENDED_MS) {
      mendedAt = performance.now()
      hls.recoverMediaError()
    } else failed(type === ErrorTypes.NETWORK_ERROR ? 'network' : 'media')
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    latency: () => (hls.latency > 0 ? hls.latency : null),
    stop: () => {
      hls.destroy()
      empty(video)
    },
  }
}

function byBrowser(video: HTMLVideoElement, url: string, failed: (fault: VideoFault) => void): Playing {
  if (video.canPlayType('application/vnd.apple.mpegurl') === '') failed('unsupported')
  const fail = () => failed(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'media')
  video.addEventListener('error', fail)
  video.src = url
  return {
    latency: () => null,
    stop: () => {
      video.removeEventListener('error', fail)
      empty(video)
    },
  }
}

/** An element without a source holds no decoder. */
function empty(video: HTMLVideoElement): void {
  video.removeAttribute('src')
  video.load()
}
