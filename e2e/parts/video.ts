import { execFile } from 'node:child_process'
import { mkdir, readFile, stat, watch } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programOf } from './needs.ts'
import { startProgram, type Part } from './program.ts'

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10']
const ENCODE = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-pix_fmt',
  'yuv420p',
  '-g',
  '10',
  // Without it the master names no variant.
  '-b:v',
  '300k',
]
const HLS = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '4']
const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'info', '-y']
const PLAYLIST_MS = 20_000

/** An HLS stream in a folder that a running ffmpeg makes, in real time: live.m3u8, and master.m3u8 which names it. */
export async function startLive(folder: string): Promise<Part> {
  await mkdir(folder, { recursive: true })
  const outcome = [
    '-hls_flags',
    'delete_segments',
    '-master_pl_name',
    'master.m3u8',
    join(folder, 'live.m3u8'),
  ]
  const part = await startProgram(
    programOf('ffmpeg'),
    [...QUIET, '-re', ...PICTURE, ...ENCODE, ...HLS, ...outcome],
    /Output #0/,
  )
  await written(folder, 'master.m3u8')
  return part
}

/** A playlist of a stream that stopped: it looks live, and nothing comes any more. */
export async function makeStuck(folder: string): Promise<void> {
  await make(folder, ['-hls_flags', 'omit_endlist', join(folder, 'live.m3u8')])
}

/** A recording, whole. */
export async function makeRecording(folder: string): Promise<void> {
  await make(folder, ['-hls_playlist_type', 'vod', join(folder, 'recording.m3u8')])
}

async function make(folder: string, outcome: string[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await promisify(execFile)(programOf('ffmpeg'), [
    ...QUIET,
    ...PICTURE,
    '-t',
    '4',
    ...ENCODE,
    ...HLS,
    ...outcome,
  ])
}

async function written(folder: string, name: string): Promise<void> {
  const signal = AbortSignal.timeout(PLAYLIST_MS)
  const there = () =>
    stat(join(folder, name)).then(
      (file) => file.size > 0,
      () => false,
    )
  const changes = watch(folder, { signal })
  if (await there()) return
  for await (const _change of changes) if (await there()) return
}

/** Where a live playlist in a folder stands: waits until it has moved on from there. */
export async function advanced(folder: string, name = 'live.m3u8'): Promise<void> {
  const sequence = async () =>
    /#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(await readFile(join(folder, name), 'utf8'))?.[1]
  const before = await sequence()
  for await (const _change of watch(folder, { signal: AbortSignal.timeout(PLAYLIST_MS) }))
    if ((await sequence()) !== before) return
}
