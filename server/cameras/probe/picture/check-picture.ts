import type { Targets } from '#contract/probing.ts'
import { ProbeFault, type Finding, type Probed } from '../types.ts'
import { decode, type Decoded } from './decode.ts'
import { FfmpegMissing } from './ffmpeg.ts'
import { grab, pictureSource, type GrabDeps } from './grab.ts'
import { judge, type SeenMemory } from './judge.ts'

/** What is remembered of a camera's pictures from one to the next; plain JSON of about 1 kB. */
export interface PictureMemory extends SeenMemory {
  /** what the last picture came to: it stands until the next one */
  finding?: Finding | null
  /** when the last good one was kept as evidence, ms since 1970, and of which fault a bad one was */
  goodAt?: number
  badFault?: string
}

export interface PictureDeps extends GrabDeps {
  /** difference hashes (16 hexadecimal digits) of pictures that are known to stand for "no video" */
  placeholders?: readonly string[]
  /** told once: there is no ffmpeg, so cameras without a snapshot are not looked at */
  onMissing?: () => void
}

export interface PictureCheck {
  finding: Finding | null
  memory: PictureMemory
  /** JPEG of about 20 kB; null where no picture came */
  thumbnail: Buffer | null
}

/**
 * Takes a picture of a camera and looks at it. Never throws for what is the camera's fault; a camera without any picture, or a machine
 * without the ffmpeg that it would take, is not judged: finding null, memory unchanged.
 * What the finding means for the verdict, `pictureFails` says.
 */
export async function checkPicture(
  probed: Probed,
  memory: PictureMemory,
  deps: PictureDeps,
): Promise<PictureCheck> {
  const source = pictureSource(probed)
  if (source === null) return { finding: null, memory, thumbnail: null }
  let decoded: Decoded
  try {
    decoded = await decode(await grab(source, probed, deps))
  } catch (error) {
    if (error instanceof FfmpegMissing) {
      deps.onMissing?.()
      return { finding: null, memory, thumbnail: null }
    }
    if (!(error instanceof ProbeFault)) throw error
    const finding = findingOf(error)
    return { finding, memory: { ...memory, finding }, thumbnail: null }
  }
  const options = { frozenPictures: probed.settings.frozenPictures, placeholders: deps.placeholders ?? [] }
  const judged = judge(decoded.raster, memory, deps.now(), options)
  const finding: Finding | null =
    judged.fault === null ? null : { layer: 'picture', fault: judged.fault, detail: '' }
  return { finding, memory: { ...memory, ...judged.memory, finding }, thumbnail: decoded.thumbnail }
}

/** Whatever kept the picture from coming, this layer's word for it is 'no-picture'; what it was is the detail. */
function findingOf({ fault, detail }: ProbeFault): Finding {
  const own = fault === 'bad-picture' || fault === 'not-allowed'
  return {
    layer: 'picture',
    fault: own ? fault : 'no-picture',
    detail: own || fault === 'no-picture' ? detail : `${fault} ${detail}`.trim(),
  }
}

/**
 * Does a finding of this layer make a camera fail, or only degrade it? A picture that shows nothing (frozen, black, one colour, out of
 * focus, a placeholder) degrades: the camera can be reached and somebody has to look at it. Where no picture comes at all, or none
 * that can be read, it fails if pictures are all that it has, and degrades beside a stream that plays.
 */
export function pictureFails({ fault }: Finding, targets: Targets): boolean {
  const none = fault === 'no-picture' || fault === 'bad-picture' || fault === 'not-allowed'
  return none && targets.hls === undefined && targets.rtsp === undefined
}
