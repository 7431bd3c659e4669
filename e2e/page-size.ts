/**
 * The page's JavaScript as a browser loads it, gzipped: at most 60 kB for the entry, 160 kB for any page in all. What
 * comes with a click, a video's player say, is no part of its page: at most 130 kB more.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
}
const ENTRY = 60_000
const PAGE = 160_000
const CLICK = 130_000
const BY_CLICK = ['cameras/video/hls.ts', 'cameras/page/PlaceMap.svelte']

const manifest = JSON.parse(readFileSync('web/dist/.vite/manifest.json', 'utf8')) as Record<string, Chunk>
const size = (key: string) => {
  const file = manifest[key]?.file ?? ''
  return file.endsWith('.js') ? gzipSync(readFileSync(`web/dist/${file}`)).length : 0
}
/** A chunk with everything that it imports; `dynamic` follows what it loads later as well. */
function reach(key: string, dynamic: boolean, met = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined || met.has(key) || BY_CLICK.includes(key)) return met
  met.add(key)
  for (const next of [...(chunk.imports ?? []), ...(dynamic ? (chunk.dynamicImports ?? []) : [])])
    reach(next, dynamic, met)
  return met
}
const sum = (keys: Iterable<string>) => [...keys].reduce((bytes, key) => bytes + size(key), 0)

const [entry] = Object.entries(manifest).find(([, chunk]) => chunk.isEntry) ?? []
if (entry === undefined) throw new Error('The build has no entry.')
const base = reach(entry, false)
const rows = [{ name: 'entry', bytes: sum(base), limit: ENTRY }]
for (const page of manifest[entry]?.dynamicImports ?? [])
  // What the entry loads later are the other pages, not this one's.
  rows.push({ name: page, bytes: sum(new Set([...base, ...reach(page, true, new Set(base))])), limit: PAGE })
for (const part of BY_CLICK) {
  if (manifest[part] === undefined) throw new Error(`The build has no ${part}.`)
  const more = [...(manifest[part].imports ?? []), ...(manifest[part].dynamicImports ?? [])]
  // What the entry loads later are the pages.
  const reached = more.flatMap((key) => [...reach(key, true, new Set(base))]).filter((key) => !base.has(key))
  rows.push({ name: part, bytes: sum(new Set([part, ...reached])), limit: CLICK })
}
for (const { name, bytes, limit } of rows)
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${limit / 1000} kB`)
if (rows.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1
