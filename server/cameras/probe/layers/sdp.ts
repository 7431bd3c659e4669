import { ProbeFault } from '../types.ts'

export interface Description {
  /** a=control of the whole session; null where it names none */
  control: string | null
  /** a=control of the first video track */
  videoControl: string | null
}

/** Reads what of an SDP (RFC 8866) is needed to play its first video. Throws 'bad-sdp' or 'no-video'. */
export function parseSdp(text: string): Description {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '')
  if (lines[0] !== 'v=0' || lines.some((line) => !/^[a-z]=/.test(line))) throw new ProbeFault('bad-sdp')
  const sections: string[][] = [[]]
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([])
    sections.at(-1)?.push(line)
  }
  const [session = [], ...media] = sections
  const video = media.find(([first = '']) => /^m=video \d+/.test(first))
  if (video === undefined) throw new ProbeFault('no-video', mediaOf(media))
  return { control: controlOf(session), videoControl: controlOf(video) }
}

/** Where a track is controlled (RFC 2326, C.1.1), by what every client does: relative to the base, as a path behind it. */
export function controlUrl(base: string, control: string | null): string {
  if (control === null || control === '' || control === '*') return base
  if (/^rtsps?:\/\//i.test(control)) return control
  return base.endsWith('/') ? base + control : `${base}/${control}`
}

const controlOf = (lines: string[]): string | null =>
  lines
    .find((line) => line.startsWith('a=control:'))
    ?.slice('a=control:'.length)
    .trim() ?? null

const mediaOf = (media: string[][]): string =>
  media
    .map(([first = '']) => /^m=(audio|application|text|message)/.exec(first)?.[1])
    .filter((kind) => kind !== undefined)
    .join(', ')
