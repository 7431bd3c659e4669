/** A cell as it stands in a file: dates of spreadsheets are their day, empty ones are ''. */
export type Cell = string | number
export type Row = readonly Cell[]
export interface Sheet {
  name: string
  rows: Row[]
}

/** Words with one space between them: most cells come so, and each is asked for more than once. */
const NEAT = /^\S+(?: \S+)*$/

export function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  const text = String(cell)
  return text === '' || NEAT.test(text) ? text : text.replace(/\s+/g, ' ').trim()
}
export const isBlank = (cell: Cell | undefined): boolean =>
  cell === undefined || cell === '' || (typeof cell === 'string' && cell.trim() === '')
export const isBlankRow = (row: Row): boolean => row.every(isBlank)

/** What a spreadsheet calls its column: 0 is A, 26 is AA. */
export function letterOf(column: number): string {
  const rest = Math.floor(column / 26) - 1
  return (rest >= 0 ? letterOf(rest) : '') + String.fromCharCode(65 + (column % 26))
}
