/**
 * The page's JavaScript as a browser loads it, gzipped: at most 60 kB for the entry, 160 kB for any page in all, and
 * 130 kB for what plays a camera's video, which comes with the first click on one.
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
const VIDEO = 130_000
const VIDEO_PLAYER = 'cameras/video/hls.ts'

const manifest = JSON.parse(readFileSync('web/dist/.vite/manifest.json', 'utf8')) as Record<string, Chunk>
const size = (key: string) => {
  const file = manifest[key]?.file ?? ''
  return file.endsWith('.js') ? gzipSync(readFileSync(`web/dist/${file}`)).length : 0
}
/** A chunk with everything that it imports; `dynamic` follows what it loads later as well. */
function reach(key: string, dynamic: boolean, met = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined || met.has(key) || key === VIDEO_PLAYER) return met
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
rows.push({ name: VIDEO_PLAYER, bytes: size(VIDEO_PLAYER), limit: VIDEO })
for (const { name, bytes, limit } of rows)
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${limit / 1000} kB`)
if (rows.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1
