/**
 * npm run bench [-- NAME] [--json] [--minutes N]: every figure beside its limit; the exit code is 1 where a goal is missed.
 * The soak, which takes half an hour, runs only where it is named.
 */
import type { Bench, Figure } from './figures.ts'
import { indicators } from './indicators.ts'
import { ingest } from './ingest.ts'
import { live } from './live.ts'
import { map } from './map.ts'
import { priceImport } from './price-import.ts'
import { prices } from './prices.ts'
import { probe } from './probe.ts'
import { query } from './query.ts'
import { soakCameras } from './soak-cameras.ts'

const benches: Record<string, Bench> = {
  ingest,
  live,
  query,
  map,
  probe,
  prices,
  'price-import': priceImport,
  indicators,
  'soak-cameras': soakCameras,
}

const ON_REQUEST = ['soak-cameras']

const words = process.argv.slice(2)
const json = words.includes('--json')
const names = words.filter((word, index) => !word.startsWith('--') && words[index - 1] !== '--minutes')
const unknown = names.find((name) => benches[name] === undefined)
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

let missed = false
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 ? !names.includes(name) : ON_REQUEST.includes(name)) continue
  await bench((figure) => {
    const whole: Figure = {
      bench: name,
      ...figure,
      ratio: figure.limit === null ? null : figure.value / figure.limit,
    }
    missed ||= !whole.ok
    console.log(json ? JSON.stringify(whole) : line(whole))
  })
}
process.exit(missed ? 1 : 0)

function line({ bench, figure, value, unit, limit, ratio, goal, ok }: Figure): string {
  const beside = limit === null ? '' : ` | limit ${round(limit)} | ratio ${ratio?.toFixed(2)}`
  return `${ok ? 'ok  ' : 'MISS'} ${bench} | ${figure} | ${round(value)} ${unit}${beside} | ${goal}`
}
function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
