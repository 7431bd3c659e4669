import { refuse, type CameraReading } from '../../ingest/reading.ts'
import { pick } from './camera-list.entries.ts'
import type { CameraListOptions, Status } from './camera-list.options.ts'

/** A state and the source's own words for it, or why it can't be told. */
export type Judged = { state: CameraReading['state'] | 'skip'; words?: string } | ReturnType<typeof refuse>

/** What a list says of a camera by the mapping of its words; unknown where nothing in it speaks of the state. */
export function statusOf(entry: unknown, { status, links }: CameraListOptions): Judged {
  let state: CameraReading['state'] | 'skip' = status.length === 0 ? 'unknown' : 'up'
  const words: string[] = []
  for (const one of status) {
    const judged = wordOf(pick(entry, one.path), one)
    if ('reject' in judged) return judged
    words.push(judged.words ?? '')
    state = judged.state
    if (state !== 'up') return { state, words: words.join(', ') }
  }
  if (links === undefined) return words.length === 0 ? { state } : { state, words: words.join(', ') }
  return linkStatus(pick(entry, links.path), links)
}

function wordOf(value: unknown, { path, words }: Status): Judged {
  // "false" is a word like any other; it is never taken for something true.
  const word =
    typeof value === 'string'
      ? value.trim()
      : typeof value === 'boolean' || typeof value === 'number'
        ? String(value)
        : undefined
  const state = word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined
  return word === undefined || state === undefined
    ? refuse(path, 'unknown-status', `one of ${Object.keys(words).join(', ')}`)
    : { state, words: word }
}

function linkStatus(list: unknown, { path, status }: NonNullable<CameraListOptions['links']>): Judged {
  if (!Array.isArray(list) || list.length === 0) return refuse(path, 'missing', 'a list of streams')
  const states: (CameraReading['state'] | 'skip')[] = []
  for (const link of list) {
    const judged = wordOf(pick(link, status.path), status)
    if ('reject' in judged) return judged
    if (judged.state !== 'skip') states.push(judged.state)
  }
  const [first] = states
  if (first === undefined) return { state: 'skip' }
  const up = states.filter((state) => state === 'up').length
  const state = states.every((one) => one === first) ? first : up > 0 ? 'degraded' : 'down'
  return { state, words: `${up}/${states.length}` }
}
