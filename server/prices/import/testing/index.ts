import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CityPack } from '../../../cities/index.ts'
import { readGrid } from '../grid.ts'
import { guessMapping } from '../guess.ts'
import { readPrices } from '../read-prices.ts'

export const TODAY = '2026-08-20'
export const sample = (name: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`./samples/${name}`, import.meta.url)))

/** What a file is taken for and what is read of it, without anybody's help. */
export async function understand(name: string, bytes: Buffer, pack: CityPack) {
  const sheets = await readGrid(bytes)
  const mapping = guessMapping(sheets, name, pack, TODAY)
  return { mapping, read: readPrices(sheets[mapping.sheet]?.rows ?? [], mapping, pack, TODAY) }
}
