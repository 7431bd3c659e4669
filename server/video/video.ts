import { join } from 'node:path'
import { Ffmpeg, FfmpegMissing, type Place, type Reach } from '../cameras/probe/picture/index.ts'
import { open, SecretError } from '../cameras/probe/secrets.ts'
import { ProbeFault } from '../cameras/probe/types.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { ownFolder, sweepFolders } from './folders.ts'
import { HlsProxy } from './hls-proxy.ts'
import { Portal } from './portal.ts'
import { Remuxes } from './remuxes.ts'
import { Snapshots } from './snapshots.ts'
import { findPlace } from './store.ts'
import { Tickets } from './tickets.ts'
import { Whep } from './whep.ts'

export interface VideoLimits {
  /** videos of one viewer at a time; guests behind one address share four times as many */
  perViewer: number
  /** cameras that are watched by RTSP at a time, over all viewers */
  processes: number
  /** so long after the last request the process of a camera ends, ms */
  idleMs: number
}
export const VIDEO_LIMITS: VideoLimits = { perViewer: 4, processes: 16, idleMs: 15_000 }
const GUESTS = 4
const TICKET = { idleMs: 5 * 60_000, lifeMs: 12 * 3_600_000 }
const SWEEP_MS = 1_000
/** A media server that refused an offer is not tried first again for so long, ms. */
const WHEP_AGAIN_MS = 60_000

export interface VideoOptions extends Reach {
  limits?: VideoLimits
  /** ffmpeg's name or path */
  program?: string
}

interface Viewing {
  cameraId: number
  place: Place
  how: { kind: 'hls'; proxy: HlsProxy } | { kind: 'rtsp' } | { kind: 'whep'; whep: Whep }
  close(): void
}
export type Watch = 'hls' | 'whep'

/** Live video and fresh pictures on demand. Addresses and sign-ins of cameras stay here. */
export class Video {
  readonly remuxes: Remuxes
  readonly snapshots: Snapshots
  readonly tickets: Tickets<Viewing>
  readonly #context: Context
  readonly #options: VideoOptions
  readonly #limits: VideoLimits
  readonly #whepFailedAt = new Map<number, number>()
  readonly #sweeping: NodeJS.Timeout
  readonly #unlisten: () => void

  /** @param root the folder for the segments of what plays now */
  constructor(context: Context, root: string, options: VideoOptions) {
    this.#context = context
    this.#options = options
    this.#limits = options.limits ?? VIDEO_LIMITS
    const program = options.program ?? 'ffmpeg'
    const { processes, idleMs, perViewer } = this.#limits
    this.remuxes = new Remuxes(ownFolder(root), { ...options, program }, { most: processes, idleMs })
    this.snapshots = new Snapshots({ ...options, ffmpeg: new Ffmpeg({ program, most: 2 }) })
    this.tickets = new Tickets({ ...TICKET, perViewer })
    this.#unlisten = context.bus.on('session:ended', ({ viewer }) => this.tickets.endOf(viewer))
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }

  /** A ticket for a camera's video. Throws 'not-found' where there is no camera, or nothing to watch of it. */
  async watch(
    cameraId: number,
    viewer: string,
    without: Watch | undefined,
  ): Promise<{ ticket: string; kind: Watch }> {
    const place = await this.placeOf(cameraId)
    const now = this.#options.now()
    const how = this.#choose(cameraId, place, without, now)
    const close = () => {
      if (how.kind === 'hls') how.proxy.close()
      else if (how.kind === 'whep') how.whep.close()
    }
    const { perViewer } = this.#limits
    const most = viewer.startsWith('guest') ? GUESTS * perViewer : perViewer
    const ticket = this.tickets.issue(viewer, { cameraId, place, how, close }, now, most)
    return { ticket, kind: how.kind === 'whep' ? 'whep' : 'hls' }
  }

  use(ticket: string, viewer: string): Viewing {
    return this.tickets.use(ticket, viewer, this.#options.now())
  }

  whepFailed(cameraId: number): void {
    this.#whepFailedAt.set(cameraId, this.#options.now())
  }

  /** Throws 'not-found' where there is no such camera. */
  async placeOf(cameraId: number): Promise<Place> {
    const { pool, config } = this.#context
    const stored = await findPlace(pool, cameraId)
    if (stored === undefined) throw new AppError('not-found', `No camera has the id ${cameraId}.`)
    const { targets, secret } = stored
    const key = config.credentialsKey
    if (secret === null || key === undefined) return { targets, credentials: null }
    try {
      return { targets, credentials: open(key, cameraId, secret) }
    } catch (error) {
      throw error instanceof SecretError ? new AppError('unavailable', error.message) : error
    }
  }

  /** Ends every video; settles when all processes are gone. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping)
    this.#unlisten()
    this.tickets.close()
    await this.remuxes.close()
  }

  /** What is quickest on its way: WebRTC, then the stream as it is, then what has to be made of RTSP. */
  #choose(cameraId: number, place: Place, without: Watch | undefined, now: number): Viewing['how'] {
    const { targets } = place
    const failed = now - (this.#whepFailedAt.get(cameraId) ?? -Infinity) < WHEP_AGAIN_MS
    const other = targets.hls !== undefined || targets.rtsp !== undefined
    if (targets.whep !== undefined && without !== 'whep' && !(failed && other))
      return { kind: 'whep', whep: new Whep(new Portal(place, this.#options), place) }
    if (targets.hls !== undefined && without !== 'hls')
      return { kind: 'hls', proxy: new HlsProxy(new Portal(place, this.#options)) }
    if (targets.rtsp !== undefined && without !== 'hls') return { kind: 'rtsp' }
    throw new AppError('not-found', 'There is no live video of this camera.')
  }

  #sweep(): void {
    const now = this.#options.now()
    this.tickets.sweep(now)
    this.remuxes.sweep(now)
    this.snapshots.sweep(now)
    for (const [id, at] of this.#whepFailedAt) if (now - at > WHEP_AGAIN_MS) this.#whepFailedAt.delete(id)
  }
}

/** Sweeps what an earlier process left behind, and is ready. */
export async function createVideo(context: Context, options: VideoOptions): Promise<Video> {
  const root = join(context.config.dataDir, 'video')
  await sweepFolders(root)
  return new Video(context, root, options)
}

/** What kept a video or a picture from coming, as a viewer may read it: in words of the closed set, without addresses. */
export function explained(error: unknown): unknown {
  if (error instanceof FfmpegMissing)
    return new AppError('unavailable', 'ffmpeg is not installed on the server: install the package ffmpeg.')
  if (!(error instanceof ProbeFault)) return error
  const { fault, detail } = error
  if (fault === 'status' && /^4(?:04|10)/.test(detail))
    return new AppError('not-found', 'This part of the video is gone.', { fault, detail })
  return new AppError('unavailable', 'The camera gives no video now.', { fault, detail })
}
