/**
 * Makes the ready-made segments of the demo's video beside this file: `npx tsx server/demo/video/make.ts`, with ffmpeg
 * (libx264) installed. The product itself only reads them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import sharp from 'sharp'
import { SEGMENT_SECONDS, SEGMENTS } from '../playlist.ts'
import { HEIGHT, sceneSvg, WIDTH } from './scene.ts'

const FRAMES_PER_SECOND = 10
const SEED = 1

const ffmpeg = spawn(
  'ffmpeg',
  [
    ...['-y', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${WIDTH}x${HEIGHT}`],
    ...['-r', String(FRAMES_PER_SECOND), '-i', 'pipe:0', '-c:v', 'libx264', '-profile:v', 'baseline'],
    ...['-preset', 'veryslow', '-crf', '31', '-pix_fmt', 'yuv420p', '-sc_threshold', '0'],
    ...['-g', String(SEGMENT_SECONDS * FRAMES_PER_SECOND), '-map_metadata', '-1', '-fflags', '+bitexact'],
    ...[
      '-map',
      '0:v',
      '-f',
      'segment',
      '-segment_time',
      String(SEGMENT_SECONDS),
      '-segment_format',
      'mpegts',
    ],
    join(import.meta.dirname, '%d.mpegts'),
  ],
  { stdio: ['pipe', 'inherit', 'inherit'] },
)
for (let frame = 0; frame < SEGMENTS * SEGMENT_SECONDS * FRAMES_PER_SECOND; frame += 1) {
  const picture = await sharp(Buffer.from(sceneSvg(SEED, 1_000 + frame / FRAMES_PER_SECOND)))
    .removeAlpha()
    .raw()
    .toBuffer()
  if (!ffmpeg.stdin.write(picture)) await once(ffmpeg.stdin, 'drain')
}
ffmpeg.stdin.end()
const [code] = (await once(ffmpeg, 'exit')) as [number | null]
if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
