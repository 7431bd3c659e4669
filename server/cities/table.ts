import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** A city pack that can't be used; the message names file, row, field and what was expected. */
export class PackError extends Error {
  override name = 'PackError'
}

/** The schema of one CSV row: keys in camelCase, the file's columns are the same words in snake_case. */
export type RowSchema = ReturnType<typeof Type.Object>

const columnOf = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** First fault of a value, as "field: fault, got value". */
export function fault(schema: TSchema, value: unknown): string {
  const [error] = Value.Errors(schema, value)
  if (!error) return 'not as expected'
  const missing = (error.params as { requiredProperties?: string[] }).requiredProperties?.[0]
  if (missing !== undefined)
    return `${error.instancePath.slice(1)} ${columnOf(missing)}: is missing`.trimStart()
  const keys = error.instancePath.split('/').slice(1)
  const got = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value)
  const shown = JSON.stringify(got)?.slice(0, 60)
  return `${columnOf(keys.join('.')) || 'value'}: ${expectation(error)}, got ${shown}`
}

function expectation(error: { message: string; params: object }): string {
  const { allowedValues } = error.params as { allowedValues?: unknown[] }
  return allowedValues ? `must be one of ${allowedValues.join(', ')}` : error.message
}

async function textOf(path: string, shownAs: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new PackError(`${shownAs}: can't be read; a city pack needs this file`, { cause })
  }
}

/** Reads a JSON file of the pack through its schema. `shownAs` names the file in errors. */
export async function readJson<T extends TSchema>(
  path: string,
  shownAs: string,
  schema: T,
): Promise<Static<T>> {
  let content: unknown
  const text = await textOf(path, shownAs)
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new PackError(`${shownAs}: is not JSON (${(cause as Error).message})`, { cause })
  }
  if (!Value.Check(schema, content)) throw new PackError(`${shownAs}: ${fault(schema, content)}`)
  return content
}

/** Reads a CSV file of the pack. An empty cell is an absent field; columns of numbers become numbers. */
export async function readTable<T extends RowSchema>(
  path: string,
  shownAs: string,
  schema: T,
): Promise<Static<T>[]> {
  const text = await textOf(path, shownAs)
  const keys = Object.keys(schema.properties)
  let records: string[][]
  try {
    records = parse(text, { bom: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new PackError(`${shownAs}: is not CSV (${(cause as Error).message})`, { cause })
  }
  const [header = [], ...rows] = records
  const expected = keys.map(columnOf).join(',')
  if (header.join(',') !== expected)
    throw new PackError(`${shownAs} row 1: columns must be ${expected}, got ${header.join(',')}`)
  return rows.map((cells, index) => {
    const row: unknown = rowOf(schema, keys, cells)
    if (Value.Check(schema, row)) return row
    throw new PackError(`${shownAs} row ${index + 2}: ${fault(schema, row)}`)
  })
}

function rowOf(schema: RowSchema, keys: string[], cells: string[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  keys.forEach((key, index) => {
    const cell = cells[index] ?? ''
    if (cell === '') return
    const isNumber = 'type' in (schema.properties[key] ?? {}) && typeIn(schema, key) !== 'string'
    // What isn't a number stays text, so that the schema refuses it and the error shows it.
    row[key] = isNumber && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell
  })
  return row
}

function typeIn(schema: RowSchema, key: string): unknown {
  return (schema.properties[key] as { type?: unknown } | undefined)?.type
}
