// Reads a spreadsheet in a thread whose memory is bounded: a file of one kilobyte may name the cell XFD1048576, and its
// reader fills in all that lies before it. Plain JavaScript, so that the thread needs no loader.
import { parentPort, workerData } from 'node:worker_threads'
import readWorkbook, { readSheet } from 'read-excel-file/node'

const { bytes, maxRows, maxColumns, all } = workerData
const file = Buffer.from(bytes)
const sheets = all ? await readWorkbook(file) : [{ sheet: '', data: await readSheet(file) }]
// with the header; those without a word count later on
const tooLarge = ({ data }) => data.length > maxRows + 1 || (data[0]?.length ?? 0) > maxColumns
parentPort.postMessage(
  sheets.some(tooLarge) ? null : sheets.map(({ sheet, data }) => ({ name: sheet, rows: data })),
)
