import { ApiError, post } from '../../live/api.ts'
import { backoff, StallWatch } from './backoff.ts'
import { slots } from './slots.ts'
import type { Playing, Transport, VideoFault } from './transport.ts'

const LOOK_MS = 1_000
const STALL_MS = 10_000

export type VideoState =
  | { is: 'idle' }
  | { is: 'starting' }
  | { is: 'playing' }
  /** it stopped by itself and tries again after `inMs` */
  | { is: 'retrying'; fault: VideoFault; inMs: number }
  | { is: 'failed'; fault: VideoFault | null; cause: unknown }
  /** it gave way to another video */
  | { is: 'displaced' }

// What plays is loaded with the first video, not with the page.
const TRANSPORTS: Record<'hls' | 'whep', () => Promise<Transport>> = {
  hls: () => import('./hls.ts').then(({ playHls }) => playHls),
  whep: () => import('./whep.ts').then(({ playWhep }) => playWhep),
}

/** One live video in one element: asks the server for it, plays it, and mends what fails until it is given up. */
export class LiveVideo {
  state = $state.raw<VideoState>({ is: 'idle' })
  /** seconds behind what happens, where it is known */
  latency = $state<number | null>(null)
  readonly #cameraId: number
  #video: HTMLVideoElement | null = null
  #playing: Playing | undefined
  #leave: (() => void) | undefined
  #looking: ReturnType<typeof setInterval> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #kind: 'hls' | 'whep' | undefined
  /** WebRTC passes fewer networks than HTTP does: what it could not show is asked for by HLS */
  #without: 'whep' | undefined
  /** moves with every start and stop: what was under way before counts no more */
  #turn = 0

  constructor(cameraId: number) {
    this.#cameraId = cameraId
  }

  start(video: HTMLVideoElement): void {
    this.#end()
    this.#video = video
    this.#failures = 0
    this.#leave = slots.take(() => this.#stop({ is: 'displaced' }))
    void this.#try()
  }
  stop(): void {
    this.#stop({ is: 'idle' })
  }

  async #try(): Promise<void> {
    const video = this.#video
    if (video === null) return
    const turn = (this.#turn += 1)
    this.state = { is: 'starting' }
    try {
      const { kind, url } = await post<{ kind: 'hls' | 'whep'; url: string }>(
        `/api/cameras/${this.#cameraId}/watch`,
        this.#without === undefined ? {} : { without: this.#without },
      )
      this.#kind = kind
      const play = await TRANSPORTS[kind]()
      if (turn !== this.#turn) return
      const playing = await play(video, url, (fault) => turn === this.#turn && this.#fail(fault))
      // Whoever left meanwhile holds nothing of it.
      if (turn !== this.#turn) return playing.stop()
      this.#playing = playing
      this.#look(video)
      await video.play().catch((cause: unknown) => {
        // Taken away while it began: that is told by what took it away.
        if (!(cause instanceof DOMException && cause.name === 'AbortError')) throw cause
      })
    } catch (cause) {
      if (turn !== this.#turn) return
      // What the server refuses it refuses again; what it cannot do now it may soon.
      if (cause instanceof ApiError && cause.status < 500 && cause.kind !== 'too-many')
        this.#stop({ is: 'failed', fault: null, cause })
      else this.#fail('network', cause)
    }
  }

  #look(video: HTMLVideoElement): void {
    const watch = new StallWatch(performance.now(), STALL_MS)
    this.#looking = setInterval(() => {
      this.latency = this.#playing?.latency() ?? null
      if (video.currentTime > 0 && !video.paused && this.state.is === 'starting') {
        this.state = { is: 'playing' }
        this.#failures = 0
      }
      const now = performance.now()
      // Whoever paused it wants it to stand still.
      const clock = video.paused && this.state.is === 'playing' ? now : video.currentTime
      if (watch.stalled(now, clock)) this.#fail('stalled')
    }, LOOK_MS)
  }
  #fail(fault: VideoFault, cause: unknown = null): void {
    this.#failures += 1
    if (this.#kind === 'whep') this.#without = 'whep'
    this.#free()
    const wait = fault === 'unsupported' ? null : backoff(this.#failures)
    if (wait === null) return this.#stop({ is: 'failed', fault, cause })
    this.state = { is: 'retrying', fault, inMs: wait }
    this.#again = setTimeout(() => void this.#try(), wait)
  }
  #stop(state: VideoState): void {
    this.#end()
    this.state = state
  }
  /** Gives back all that it held. */
  #end(): void {
    this.#free()
    this.#leave?.()
    this.#leave = undefined
    this.#video = null
  }
  #free(): void {
    this.#turn += 1
    clearTimeout(this.#again)
    clearInterval(this.#looking)
    this.#playing?.stop()
    this.#playing = undefined
    this.latency = null
  }
}
