import { Tokenizer } from 'htmlparser2'
import { textOf } from '../../ingest/reading.ts'

const CELLS = new Set(['td', 'th'])
const nothing = () => undefined

/**
 * The rows of a page's tables, each as the texts of its cells. Only tokens are read, no tree is built: a tree's cost
 * grows with the square of its depth, and seven megabytes of opened tags would hold up everything else for hours.
 */
export function tableRows(html: string): string[][] {
  const rows: string[][] = []
  let text: string | undefined
  const endCell = () => {
    if (text !== undefined) rows.at(-1)?.push(textOf(text) ?? '')
    text = undefined
  }
  const say = (piece: string) => {
    if (text !== undefined) text += piece
  }
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        const name = html.slice(start, end).toLowerCase()
        if (name === 'br') say(' ')
        if (name !== 'tr' && !CELLS.has(name)) return
        endCell()
        if (name === 'tr') rows.push([])
        else if (rows.length > 0) text = ''
      },
      onclosetag(start, end) {
        const name = html.slice(start, end).toLowerCase()
        if (CELLS.has(name) || name === 'tr' || name === 'table') endCell()
      },
      ontext: (start, end) => say(html.slice(start, end)),
      ontextentity: (code) => say(String.fromCodePoint(code)),
      onend: endCell,
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onopentagend: nothing,
      onprocessinginstruction: nothing,
      onselfclosingtag: nothing,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return rows
}

/** The table that holds these rows, its first one the headings. */
export const tableOf = (rows: readonly (readonly string[])[]): string =>
  `<table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
