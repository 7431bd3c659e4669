import type { Pool, PoolClient } from 'pg'
import type { ImportMapping, PriceImport } from '#contract/price-import.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { dayOf } from '../days.ts'
import { completed } from './settled.ts'
import type { Sheet } from './cells.ts'
import { previewOf, samplesOf, unknownOf } from './describe.ts'
import { flagsAmong } from './flags.ts'
import { fingerprintOf, recalled } from './fingerprint.ts'
import { readGrid } from './grid.ts'
import { guessAt, guessMapping } from './guess.ts'
import { namesOf } from './names.ts'
import { planImport, rangeOf, type Plan } from './plan.ts'
import { readingPrices } from './read-prices.ts'
import {
  addImport,
  findImport,
  mendImport,
  rememberedMapping,
  type ImportResult,
  type StoredImport,
} from './store.ts'
import { inTurns } from './turns.ts'

type ImportContext = Pick<Context, 'pool' | 'pack' | 'clock'>
/** Within a transaction its session is asked. */
type Asked = Pick<Context, 'pack' | 'clock'> & { pool: Pool | PoolClient }

/** What a file's prices would do, or did. */
export interface Examined {
  result: ImportResult
  plan: Plan
}

/**
 * Keeps a file and says how it is understood. Throws an AppError where it cannot be read.
 * @param by name of whoever brought it
 */
export async function takeFile(
  context: ImportContext,
  name: string,
  file: Buffer,
  by: string,
): Promise<PriceImport> {
  const { pool, pack, clock } = context
  const sheets = await readGrid(file)
  const guess = guessMapping(sheets, name, pack, dayOf(clock(), pack.city.timezone))
  const fingerprint = fingerprintOf(guess)
  const remembered = await rememberedMapping(pool, fingerprint)
  const mapping = remembered === undefined ? guess : recalled(remembered, guess)
  const { result } = await examine(context, sheets, mapping, { remembered: remembered !== undefined })
  const id = await addImport(pool, { name, file, fingerprint, mapping, result }, by, clock())
  return shown({ id, name, mapping, result, applied_at: null })
}

/** Understands the file as a person says. Where its header moved the columns are guessed anew. */
export async function mendMapping(
  context: ImportContext,
  id: number,
  wanted: ImportMapping,
): Promise<PriceImport> {
  const { pool, pack } = context
  const stored = await waitingImport(context, id)
  const sheets = await readGrid(stored.file)
  const { rows } = sheets[wanted.sheet] ?? {}
  if (rows === undefined || wanted.headerRow + wanted.headerRows > rows.length)
    throw new AppError('bad-input', 'The file has no such lines.', {
      field: 'headerRow',
      expected: 'a line of the file',
    })
  const { mapping: before } = stored
  const moved = (['sheet', 'headerRow', 'headerRows', 'vocabulary'] as const).some(
    (key) => before[key] !== wanted[key],
  )
  const guess = moved ? guessAt(sheets, wanted, stored.name, pack) : null
  const asked =
    guess === null
      ? wanted
      : {
          ...guess,
          source: wanted.source,
          market: guess.market ?? wanted.market,
          commodity: guess.commodity ?? wanted.commodity,
        }
  const mapping = completed(
    {
      ...asked,
      columns: asked.columns.slice(
        0,
        before.columns.length > 0 && !moved ? before.columns.length : undefined,
      ),
    },
    rows,
    namesOf(pack, asked.vocabulary),
  )
  const { result } = await examine(context, sheets, mapping, { remembered: stored.result.remembered })
  if (!(await mendImport(pool, id, mapping, result))) throw notWaiting()
  return shown({ ...stored, mapping, result })
}

/** Reads the file by the mapping and compares it with what is stored. Flags of an earlier look are not looked for again. */
export async function examine(
  { pool, pack, clock }: Asked,
  sheets: readonly Sheet[],
  mapping: ImportMapping,
  { remembered, flags }: Pick<ImportResult, 'remembered'> & Partial<Pick<ImportResult, 'flags'>>,
): Promise<Examined> {
  const { rows = [] } = sheets[mapping.sheet] ?? {}
  const read = await inTurns(readingPrices(rows, mapping, pack, dayOf(clock(), pack.city.timezone)))
  const plan = await planImport(pool, read, mapping.source)
  const [firstDay, lastDay] = rangeOf(read.prices) ?? [null, null]
  return {
    plan,
    result: {
      sheets: sheets.map(({ name }) => name),
      remembered,
      preview: previewOf(rows, mapping),
      samples: samplesOf(rows, mapping, read.prices),
      unknown: unknownOf(read.unknown, mapping, pack),
      counts: plan.counts,
      firstDay,
      lastDay,
      problems: plan.problems,
      flags: flags ?? (await flagsAmong(read.prices, pack)),
    },
  }
}

const notWaiting = () => new AppError('conflict', 'This import was applied or dropped already.')

/** One that was neither applied nor dropped, with its file. */
export async function waitingImport(
  { pool }: Pick<Context, 'pool'>,
  id: number,
): Promise<StoredImport & { file: Buffer }> {
  const stored = await findImport(pool, id)
  if (stored === undefined) throw new AppError('not-found', `There is no import ${id}.`)
  if (stored.file === null) throw notWaiting()
  return { ...stored, file: stored.file }
}

export const shown = ({
  id,
  name,
  mapping,
  result,
  applied_at,
}: Pick<StoredImport, 'id' | 'name' | 'mapping' | 'result' | 'applied_at'>): PriceImport => ({
  id,
  name,
  mapping,
  ...result,
  appliedAt: applied_at?.toISOString() ?? null,
})
