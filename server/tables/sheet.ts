import { Worker } from 'node:worker_threads'
import { AppError } from '../errors.ts'

/** A sheet of 20,000 rows and all columns takes a third of it. */
const MOST_MB = 512
const MOST_MS = 30_000

export interface SheetLimits {
  /** without the header; a row in which nothing stands counts where one follows in which something does */
  maxRows: number
  maxColumns: number
}

export interface Sheet {
  name: string
  rows: unknown[][]
}

/** The first sheet of an XLSX file, row by row. As `readSheets`. */
export const readFirstSheet = async (bytes: Buffer, limits: SheetLimits): Promise<unknown[][]> =>
  (await read(bytes, limits, false))[0]?.rows ?? []

/**
 * All sheets of an XLSX file; null stands for an empty cell. They are read in a thread of its own, which ends where it
 * takes too much memory or time. Throws an AppError 'too-large', or whatever the reader says of a file that is no spreadsheet.
 */
export const readSheets = (bytes: Buffer, limits: SheetLimits): Promise<Sheet[]> => read(bytes, limits, true)

let underWay: Promise<unknown> = Promise.resolve()
/** One after the other: several at once would take the memory of all that they may take together. */
function read(...asked: Parameters<typeof readInThread>): Promise<Sheet[]> {
  const reading = underWay.then(() => readInThread(...asked))
  underWay = reading.catch(() => undefined)
  return reading
}

function readInThread(bytes: Buffer, limits: SheetLimits, all: boolean): Promise<Sheet[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sheet-worker.js', import.meta.url), {
      workerData: { bytes, ...limits, all },
      resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
      execArgv: [],
    })
    const late = setTimeout(() => void worker.terminate(), MOST_MS)
    worker.once('message', (sheets: Sheet[] | null) =>
      sheets === null ? reject(tooLarge()) : resolve(sheets),
    )
    worker.once('error', (error) => reject(isOutOfMemory(error) ? tooLarge() : error))
    worker.once('exit', () => {
      clearTimeout(late)
      reject(tooLarge())
    })
  })
}

const tooLarge = () =>
  new AppError(
    'too-large',
    'The spreadsheet has more rows or columns than are taken: delete those that are empty.',
  )
const isOutOfMemory = (error: Error) => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
