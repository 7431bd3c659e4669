import type { ImportMapping, Vocabulary } from '#contract/price-import.ts'
import type { CityPack } from '../../cities/index.ts'
import { isBlank, textOf, type Cell, type Row, type Sheet } from './cells.ts'
import { readHeader } from './header.ts'
import { namesOf, VOCABULARIES, type Names } from './names.ts'
import { readDay, readMonth, readYear, startsWithDay } from './read-day.ts'
import { readPrices } from './read-prices.ts'
import { roleOf } from './roles.ts'
import { settled, type GuessedColumn } from './settled.ts'

const FIRST_LINES = 40
const SAMPLE = 60
const MOST_LINES = 3
const CANDIDATES = 6
const SHEETS = 8
/** Enough to tell the columns' kinds; all of them are read once the header is found. */
const SAMPLE_COLUMNS = 80

/**
 * How a file is likely meant: of all lines that could be its header the one with which most prices can be read.
 * @param fileName may name the source and the place
 * @param today the city's day
 */
export function guessMapping(
  sheets: readonly Sheet[],
  fileName: string,
  pack: CityPack,
  today: string,
): ImportMapping {
  const vocabulary = vocabularyOf(sheets, fileName, pack)
  const names = namesOf(pack, vocabulary)
  const first = sheets
    .slice(0, SHEETS)
    .map(({ name, rows }) => ({ name, rows: rows.slice(0, FIRST_LINES + MOST_LINES + SAMPLE) }))
  let best: { mapping: ImportMapping; score: number } | undefined
  for (const [sheet, { rows }] of first.entries())
    for (const headerRow of candidates(rows))
      for (
        let headerRows = 1;
        headerRows <= MOST_LINES && headerRow + headerRows < rows.length;
        headerRows += 1
      ) {
        const at = { sheet, headerRow, headerRows }
        const mapping = mappingAt(first, at, names, fileName, SAMPLE_COLUMNS)
        const score = scoreOf(first, mapping, pack, today)
        // As good without it: a line of titles above the header is none of its lines.
        const shorter = score > 0 && score === best?.score && headerRows < best.mapping.headerRows
        if (score > (best?.score ?? 0) || shorter) best = { mapping, score }
      }
  const { sheet, headerRow, headerRows } = best?.mapping ?? { sheet: 0, headerRow: 0, headerRows: 1 }
  return mappingAt(sheets, { sheet, headerRow, headerRows }, names, fileName)
}

/** As `guessMapping`, with the header at a place that a person has named. */
export function guessAt(
  sheets: readonly Sheet[],
  at: Pick<ImportMapping, 'sheet' | 'headerRow' | 'headerRows' | 'vocabulary'>,
  fileName: string,
  pack: CityPack,
): ImportMapping {
  return mappingAt(sheets, at, namesOf(pack, at.vocabulary), fileName)
}

function mappingAt(
  sheets: readonly Sheet[],
  { sheet, headerRow, headerRows }: Pick<ImportMapping, 'sheet' | 'headerRow' | 'headerRows'>,
  names: Names,
  fileName: string,
  mostColumns = Infinity,
): ImportMapping {
  const { rows = [], name: sheetName = '' } = sheets[sheet] ?? {}
  const start = headerRow + headerRows
  const body = rows.slice(start, start + SAMPLE)
  const lines = rows.slice(headerRow, start)
  const width = Math.min(
    mostColumns,
    [...lines, ...body].reduce((most, row) => Math.max(most, row.length), 0),
  )
  const cellsOf = (at: number) => body.map((row) => row[at] ?? '')
  const dayFirst = startsWithDay(daysIn(lines, rows.slice(start), width))
  const titles = [
    sheetName,
    ...rows.slice(0, headerRow).flatMap((row) => row.map(textOf)),
    fileName.replace(/\.\w+$/, ''),
  ]
  const month = titles.map(monthIn).find((found) => found !== null) ?? null
  const header = readHeader(lines, width, names, { dayFirst, month })
  const columns = header.map((column, at): GuessedColumn => ({
    ...column,
    role: roleOf(column, cellsOf(at), names, dayFirst),
    cells: cellsOf(at),
  }))
  return settled({
    columns,
    names,
    titles,
    rows: rows.slice(start),
    at: { sheet, headerRow, headerRows },
    dayFirst,
    fileName,
  })
}

/** Those of dates: header cells, and columns in which something like 01/08/2026 stands. */
function* daysIn(lines: readonly Row[], body: readonly Row[], width: number): Iterable<Cell> {
  for (const line of lines) yield* line
  const slashed = Array.from({ length: Math.min(width, 10) }, (_, at) => at).filter((at) =>
    body.slice(0, SAMPLE).some((row) => /^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}/.test(textOf(row[at]))),
  )
  for (const row of body) for (const at of slashed) yield row[at] ?? ''
}

/** "Bulan Agustus 2026" in a title. */
function monthIn(title: string): string | null {
  const words = title.split(/[\s_-]+/)
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? ''
    if (/\p{L}/u.test(word) && readMonth(word) !== undefined && /^\d{4}$/.test(next))
      return readDay(`${word} ${next}`, true)?.day.slice(0, 7) ?? null
  }
  return null
}

/** Lines near the top that say most of what stands below: words, days, names. */
function candidates(rows: readonly Row[]): number[] {
  return rows
    .slice(0, FIRST_LINES)
    .map((row, at) => {
      const cells = row.slice(0, SAMPLE_COLUMNS).filter((cell) => !isBlank(cell))
      const telling = cells.filter((cell) => {
        const text = textOf(cell)
        return (
          /\p{L}/u.test(text) ||
          readDay(cell, true) !== undefined ||
          /^\d{1,2}$/.test(text) ||
          readYear(text) !== undefined
        )
      })
      return { at, telling: telling.length }
    })
    .filter(({ telling }) => telling > 0)
    .sort((a, b) => b.telling - a.telling || a.at - b.at)
    .slice(0, CANDIDATES)
    .map(({ at }) => at)
    .sort((a, b) => a - b)
}

/** How many prices it reads in the first rows; what only lacks a name that a person can give counts half. */
function scoreOf(sheets: readonly Sheet[], mapping: ImportMapping, pack: CityPack, today: string): number {
  const { rows = [] } = sheets[mapping.sheet] ?? {}
  const sample = rows.slice(0, mapping.headerRow + mapping.headerRows + SAMPLE)
  const read = readPrices(sample, mapping, pack, today)
  return read.prices.length + read.nameless / 2 - (read.refused - read.nameless) / 4
}

/** Whose names the file uses: whom its titles name, else who knows most of what stands in its first lines. */
function vocabularyOf(sheets: readonly Sheet[], fileName: string, pack: CityPack): Vocabulary {
  const lines = sheets.slice(0, SHEETS).flatMap(({ rows }) => rows.slice(0, FIRST_LINES))
  const head = [
    fileName,
    ...sheets.map(({ name }) => name),
    ...lines.slice(0, 8).flatMap((row) => row.map(textOf)),
  ]
    .join(' ')
    .toLowerCase()
  const named = VOCABULARIES.find((one) => one !== 'history' && head.includes(one))
  if (named !== undefined) return named
  const texts = new Set(
    lines.flatMap((row) => row.slice(0, SAMPLE_COLUMNS).map(textOf)).filter((text) => /\p{L}/u.test(text)),
  )
  const known = (vocabulary: Vocabulary) => {
    const aliases = new Set(
      pack.aliases.filter(({ feedKind }) => feedKind === vocabulary).map(({ sourceName }) => sourceName),
    )
    return [...texts].filter((text) => aliases.has(text)).length
  }
  return VOCABULARIES.reduce((best, one) => (known(one) > known(best) ? one : best))
}
