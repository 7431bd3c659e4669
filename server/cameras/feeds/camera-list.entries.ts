import { parse } from 'csv-parse/sync'
import { at, isFields } from '../../ingest/reading.ts'
import type { CameraListOptions } from './camera-list.options.ts'

type Shape = Pick<
  CameraListOptions,
  'format' | 'delimiter' | 'rows' | 'entry' | 'name' | 'latitude' | 'longitude'
>

/**
 * The list in a payload, an entry a camera; undefined where there is none. A list that is parsed already is taken as
 * it is, whatever `rows` says: so a kept entry is read again.
 */
export function entriesOf(payload: unknown, shape: Shape): unknown[] | undefined {
  if (Array.isArray(payload)) return payload
  if (typeof payload !== 'string') return listAt(payload, shape)
  try {
    if (shape.format === 'csv') return csvRows(payload, shape)
    if (shape.format === 'json') return listAt(JSON.parse(payload), shape)
    return listInPage(payload, shape) ?? listInPage(unescaped(payload), shape)
  } catch {
    // neither JSON nor CSV: the caller refuses the payload as a whole
    return undefined
  }
}

function listAt(value: unknown, { rows }: Shape): unknown[] | undefined {
  const list = rows === undefined ? value : at(value, rows)
  return Array.isArray(list) ? list : undefined
}

function csvRows(text: string, { delimiter = ',', name }: Shape): unknown[] | undefined {
  let columns: string[] = []
  const rows: Record<string, string>[] = parse(text, {
    columns: (header: string[]) => (columns = header.map((title) => title.trim())),
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: true,
  })
  // Without the column of names it is another table, or no table at all.
  return columns.includes(name) ? rows : undefined
}

/** A page may hold any number of brackets; the list of cameras is among its first lists. */
const MOST_CANDIDATES = 30

/** The first JSON in a page that is, or has at `rows`, a list of entries with a name and a place. */
function listInPage(page: string, shape: Shape): unknown[] | undefined {
  const { rows, entry, name, latitude, longitude } = shape
  const starts = page.matchAll(rows === undefined ? /\[\s*\{\s*"/g : /\{\s*"/g)
  let tried = 0
  let end = 0
  for (const { index } of starts) {
    if (index < end) continue
    if ((tried += 1) > MOST_CANDIDATES) return undefined
    const text = balanced(page, index)
    const list = text === undefined ? undefined : listAt(parsed(text), shape)
    const camera = entry === undefined ? list?.[0] : at(list?.[0], entry)
    if ([name, latitude, longitude].every((path) => pick(camera, path) !== undefined)) return list
    if (rows === undefined && list !== undefined) end = index + (text?.length ?? 0)
  }
  return undefined
}

/** In an attribute of a tag the list's own quotes are written as entities. */
const unescaped = (page: string) =>
  page.replace(/&(quot|#34|#0?39|amp);/g, (_, name: string) =>
    name === 'amp' ? '&' : name.endsWith('39') ? "'" : '"',
  )

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** From an opening bracket to the one that closes it; brackets in strings don't count. */
function balanced(text: string, start: number): string | undefined {
  let depth = 0
  let inString = false
  for (let place = start; place < text.length; place += 1) {
    const sign = text[place]
    if (inString) {
      if (sign === '\\') place += 1
      else if (sign === '"') inString = false
    } else if (sign === '"') inString = true
    else if (sign === '[' || sign === '{') depth += 1
    else if (sign === ']' || sign === '}') {
      depth -= 1
      if (depth === 0) return text.slice(start, place + 1)
    }
  }
  return undefined
}

/** Value at a path; "additionalProperties[key=available].value" looks an entry of a list up. */
export function pick(entry: unknown, path: string): unknown {
  // CSV headings may hold dots of their own
  if (isFields(entry) && Object.hasOwn(entry, path)) return entry[path]
  const lookup = /^([^[]+)\[(\w+)=([^\]]+)\]\.(.+)$/.exec(path)
  if (lookup === null) return at(entry, path)
  const [, list = '', key = '', value, rest = ''] = lookup
  const found = at(entry, list)
  return Array.isArray(found)
    ? at(
        found.find((one) => at(one, key) === value),
        rest,
      )
    : undefined
}
