import fc from 'fast-check'
import { expect } from 'vitest'
import type { Reading } from '../reading.ts'

/** Few runs while somebody waits; PROPERTY_RUNS=10000 for a night's worth. */
export const RUNS = Number(process.env.PROPERTY_RUNS ?? 150)

const STRANGE = [
  ...['', ' ', '-', '0', '\0', 'a\0b', '\ud800', 'x\udc00y', '__proto__', 'constructor', 'toString', '1e999'],
  ...['<td>', '</tr>', '&#0;', '&amp;lt;', '31/02/2026', '2026-02-30', '29/09/2026', '16.500', '["', '{"a":'],
  ...['9'.repeat(400), 'x'.repeat(20_000), '['.repeat(3_000)],
]
const text = fc.oneof(fc.constantFrom(...STRANGE), fc.string({ unit: 'binary' }), fc.string())
/** A key of its own even where it is __proto__. */
const plain = (value: unknown) => ({ value, enumerable: true, configurable: true, writable: true })
const own = (key: string, value: unknown) => Object.defineProperty({}, key, plain(value))
/** Whatever a JSON payload may hold in a place. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1, [], {}, [[]], [null]),
  fc.jsonValue(),
  fc.constantFrom('__proto__', 'constructor', 'status').map((key) => own(key, { status: '1', name: 'x' })),
)

/** Anything at all, as JSON and as what JSON can't be. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  value,
  fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSparseArray: true,
  }),
  fc.json(),
)

type Place = readonly string[]

/** A real payload with fields taken out, types changed, keys renamed, entries repeated, junk nested in it. */
export function mutated(payload: unknown): fc.Arbitrary<unknown> {
  const short = shortened(payload)
  const places = placesOf(short)
  const change = fc.record({
    place: fc.constantFrom(...places),
    how: fc.constantFrom('remove', 'replace', 'rename', 'repeat'),
    key: text,
    value,
  })
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    const copy: unknown = structuredClone(short)
    for (const one of changes) apply(copy, one)
    return copy
  })
}

/** A real page or CSV with pieces cut out of it and others put in. */
export function mangled(page: string): fc.Arbitrary<string> {
  const change = fc.record({ at: fc.nat(page.length), cut: fc.nat(60), put: text })
  return fc
    .array(change, { minLength: 1, maxLength: 6 })
    .map((changes) =>
      changes.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), page),
    )
}

/**
 * The law of every reader: nothing is lost without a count, and what is kept of a row reads the same when it is read
 * again.
 */
export function keepsTheLaw<Row>(read: (payload: unknown) => Reading<Row>, payload: unknown): void {
  const { received, rows, sources, rejects, notReported } = read(payload)
  expect(received).toBe(rows.length + rejects.length + notReported)
  expect(sources).toHaveLength(rows.length)
  rows.slice(0, 2).forEach((row, place) => {
    expect(read(sources[place])).toMatchObject({ rows: [row], rejects: [], received: 1 })
  })
  for (const { field, reason, expected, payload: kept } of rejects.slice(0, 2))
    expect(read(kept)).toMatchObject({ rows: [], received: 1, rejects: [{ field, reason, expected }] })
}

function shortened(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload.slice(0, 3).map(shortened)
  if (typeof payload !== 'object' || payload === null) return payload
  return Object.fromEntries(
    Object.entries(payload)
      .slice(0, 40)
      .map(([key, one]) => [key, shortened(one)]),
  )
}

function placesOf(payload: unknown, place: Place = []): Place[] {
  const below =
    typeof payload === 'object' && payload !== null
      ? Object.entries(payload).flatMap(([key, one]) => placesOf(one, [...place, key]))
      : []
  return place.length === 0 ? below : [place, ...below]
}

function apply(
  payload: unknown,
  { place, how, key, value }: { place: Place; how: string; key: string; value: unknown },
): void {
  const last = place.at(-1) ?? ''
  const parent = place.slice(0, -1).reduce(child, payload)
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) return
  if (Array.isArray(parent)) {
    if (how === 'remove') parent.splice(Number(last), 1)
    else if (how === 'replace') parent[Number(last)] = value
    else parent.push(structuredClone(parent[Number(last)]))
    return
  }
  const was = child(parent, last)
  const put = (name: string, what: unknown) => Object.defineProperty(parent, name, plain(what))
  if (how === 'remove' || how === 'rename') Reflect.deleteProperty(parent, last)
  if (how === 'rename') put(key, was)
  if (how === 'replace') put(last, value)
  if (how === 'repeat') put(last, [was, was])
}

const child = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
