// Reads a spreadsheet's first sheet in a thread whose memory is bounded: a file of one kilobyte may name the cell XFD1048576, and its
// reader fills in all that lies before it. Plain JavaScript, so that the thread needs no loader.
import { parentPort, workerData } from 'node:worker_threads'
import { readSheet } from 'read-excel-file/node'

const { bytes, maxRows, maxColumns } = workerData
const rows = await readSheet(Buffer.from(bytes))
// with the header; those without a word count later on
parentPort.postMessage(rows.length > maxRows + 1 || (rows[0]?.length ?? 0) > maxColumns ? null : rows)
