import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { loadPack, packFolder, type CityPack } from './pack.ts'
import { PackError } from './table.ts'

/** One price that a source published before this product ran; `feed` is "history:" and the file's name. */
export type HistoryRow = {
  feed: string
  market: string
  commodity: string
  day: string
  /** Rupiah per the commodity's unit. */
  price: number
  /** imputed: averaged or estimated by whoever published the file, not seen in a market on that day. */
  status: 'reported' | 'imputed'
}

type Column = { commodity: string; market: string }

const Line = Type.Tuple([
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  Type.Enum(['reported', 'imputed']),
])
const Cells = Type.Array(Type.String())
const PRICE = /^[1-9]\d{0,8}$/

/**
 * Streams `server/cities/<code>/history/*.csv`, file by file in order of name. Files are wide, to stay
 * small: `day,status,<commodity>@<market>,...`; an empty cell is no price. Throws a PackError.
 */
export async function* readHistory(code: string, root?: string): AsyncIterable<HistoryRow> {
  const pack = await loadPack(code, root)
  const folder = `${packFolder(code, root)}history/`
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.csv')).sort()
  for (const name of names) yield* readFile(`${folder}${name}`, `${code}/history/${name}`, pack)
}

async function* readFile(path: string, shownAs: string, pack: CityPack): AsyncIterable<HistoryRow> {
  const feed = `history:${/([^/]+)\.csv$/.exec(path)?.[1] ?? path}`
  const lines: AsyncIterable<unknown> = createReadStream(path).pipe(parse({ bom: true, trim: true }))
  let columns: Column[] | undefined
  let row = 0
  for await (const line of lines) {
    row += 1
    if (!Value.Check(Cells, line)) throw new PackError(`${shownAs} row ${row}: must be cells of text`)
    if (columns) yield* quotesOf(line, columns, feed, `${shownAs} row ${row}`)
    else columns = columnsOf(line, shownAs, pack)
  }
}

function columnsOf(header: string[], shownAs: string, pack: CityPack): Column[] {
  const markets = new Set(pack.markets.map((market) => market.code))
  const commodities = new Set(pack.commodities.map((commodity) => commodity.code))
  const [day, status, ...rest] = header
  if (day !== 'day' || status !== 'status')
    throw new PackError(`${shownAs} row 1: columns must begin with day,status, got ${day},${status}`)
  return rest.map((cell) => {
    const [commodity = '', market = ''] = cell.split('@')
    if (commodities.has(commodity) && markets.has(market)) return { commodity, market }
    throw new PackError(
      `${shownAs} row 1: ${cell}: must be a code of commodities.csv, @ and a code of markets.csv`,
    )
  })
}

function* quotesOf(line: string[], columns: Column[], feed: string, where: string): Iterable<HistoryRow> {
  const head: unknown = line.slice(0, 2)
  if (!Value.Check(Line, head))
    throw new PackError(
      `${where}: must begin with a day (YYYY-MM-DD) and reported or imputed, got ${line.slice(0, 2)}`,
    )
  const [day, status] = head
  for (const [index, { commodity, market }] of columns.entries()) {
    const cell = line[index + 2] ?? ''
    if (cell === '') continue
    if (!PRICE.test(cell))
      throw new PackError(`${where}: ${commodity}@${market}: must be rupiah in whole numbers, got "${cell}"`)
    yield { feed, market, commodity, day, price: Number(cell), status }
  }
}
