import { spawn, type ChildProcess } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeRtsp } from '../cameras/probe/layers/rtsp.ts'
import { Scope } from '../cameras/probe/layers/scope.ts'
import {
  connectionsOf,
  FfmpegMissing,
  openGate,
  quietly,
  RTSP_INPUT,
  targetOf,
  videoEncoding,
  type Place,
  type Reach,
} from '../cameras/probe/picture/index.ts'
import { ProbeFault } from '../cameras/probe/types.ts'

export const PLAYLIST = 'index.m3u8'
export const SEGMENT = /^\d{1,12}\.ts$/
/** For a camera to describe its video, ms; and from then until the first segment is written, key frames being seconds apart. */
const DESCRIBE_MS = 8_000
const FIRST_SEGMENT_MS = 20_000

/** What every browser plays as it is. */
const COPY = ['-c:v', 'copy']
/** Anything else is drawn anew, small and at 15 frames a second, so that one camera costs a share of a core and not two. */
const TRANSCODE = [
  ...[
    '-vf',
    "fps=15,scale='min(640,iw)':-2",
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ],
  ...['-tune', 'zerolatency', '-threads', '1', '-maxrate', '900k', '-bufsize', '1800k'],
  ...['-force_key_frames', 'expr:gte(t,n_forced)'],
]
/** Numbers begin with the time, so that they go on rising where a process takes over from one that died. */
const HLS = [
  ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '6', '-hls_delete_threshold', '3'],
  ...['-hls_flags', 'delete_segments+independent_segments+omit_endlist+discont_start+temp_file'],
  ...['-hls_start_number_source', 'epoch', '-hls_segment_type', 'mpegts'],
]

/** One run of ffmpeg that turns a camera's RTSP into HLS in a folder. */
export interface Remux {
  /** settles when there is something to play; rejects with a ProbeFault, or FfmpegMissing */
  ready: Promise<void>
  /** settles when its process is gone */
  ended: Promise<void>
  /** settles when its folder is, too */
  cleared: Promise<void>
  stop(): void
}

export interface RemuxDeps extends Reach {
  program: string
}

/** The folder is made, and removed with the end. */
export function startRemux(place: Place, folder: string, deps: RemuxDeps): Remux {
  const scope = new Scope()
  const begun = begin(place, folder, deps, scope)
  const ready = begun.then(({ written }) => written)
  // why it ended, `ready` tells; what comes later is an end like any other
  const ended = begun
    .then(({ gone }) => gone)
    .catch(() => undefined)
    .finally(() => scope.close())
  const cleared = ended.then(() => rm(folder, { recursive: true, force: true }))
  const stop = () => void begun.then(({ kill }) => kill()).catch(() => undefined)
  ready.catch(stop)
  return { ready, ended, cleared, stop }
}

async function begin(place: Place, folder: string, deps: RemuxDeps, scope: Scope) {
  await mkdir(folder, { recursive: true })
  const described = await scope.within(DESCRIBE_MS, async (limit) =>
    describeRtsp(connectionsOf(deps, scope), targetOf('rtsp', place), place.credentials, limit),
  )
  const gate = await openGate(described, scope)
  const codec = videoEncoding(described.sdp) === 'H264' ? COPY : TRANSCODE
  const input = [...quietly('tcp,rtp'), ...RTSP_INPUT, '-i', gate.url, '-map', '0:v:0', ...codec]
  const output = [...HLS, '-hls_segment_filename', join(folder, '%d.ts'), join(folder, PLAYLIST)]
  const written = firstWritten(folder, scope)
  const child = spawn(deps.program, [...input, ...output], { stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  scope.own({ destroy: kill })
  const gone = goneOf(child).finally(() => gate.leave())
  return { kill, gone, written: Promise.race([written, gone.then(noPicture)]) }
}

const noPicture = () => {
  throw new ProbeFault('no-picture', 'the video ended before it began')
}

function goneOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new FfmpegMissing() : error),
    )
    child.once('exit', () => resolve())
  })
}

/** Resolves when the playlist appears: it is written whole, under another name, and then moved. */
function firstWritten(folder: string, scope: Scope): Promise<void> {
  return scope.within(FIRST_SEGMENT_MS, (limit) => {
    limit.late = 'no-picture'
    return new Promise<void>((resolve, reject) => {
      const watcher = watch(folder, (_event, name) => {
        if (name === PLAYLIST) resolve()
      })
      watcher.on('error', reject)
      scope.own({ destroy: () => watcher.close() })
    })
  })
}
