import type { Pool } from 'pg'
import type { OfficialImport, OfficialSeries } from '#contract/indicators.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { readOfficialFile } from './official-file.ts'
import { officialPoints, storeOfficial, type SeriesHead } from './official-store.ts'

/** Figures that an office publishes: taken over as they are, never counted here. */
const SERIES: readonly SeriesHead[] = [
  {
    code: 'iph',
    title: 'Indeks Perkembangan Harga (IPH)',
    unit: '%',
    source: 'Badan Pusat Statistik (BPS)',
  },
]

/** All series, also those of which nothing was imported yet. */
export async function readOfficial(pool: Pool): Promise<OfficialSeries[]> {
  const points = await officialPoints(pool)
  return SERIES.map((series) => ({
    ...series,
    points: points
      .filter((point) => point.series === series.code)
      .map(({ day, value, note, revision }) => ({ day, value, note, revision })),
  }))
}

/** Takes a file of a series as a whole, or, where a row of it cannot be read, nothing of it. */
export async function importOfficial(
  pool: Pool,
  code: string,
  file: Buffer,
  { viewer, now }: { viewer: Pick<KnownViewer, 'actor' | 'name'>; now: Date },
): Promise<OfficialImport> {
  const head = SERIES.find((series) => series.code === code)
  if (head === undefined)
    throw new AppError('not-found', `No official series has the code ${code}.`, {
      field: 'code',
      expected: SERIES.map((series) => series.code).join(' or '),
    })
  const points = await readOfficialFile(file)
  const counts = await withTransaction(pool, (client) => storeOfficial(client, head, points, { viewer, now }))
  const series = (await readOfficial(pool)).find((one) => one.code === code) as OfficialSeries
  return { ...counts, series }
}
