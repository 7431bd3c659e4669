import { loadCity } from '../../server/cities/load.ts'
import { loadPack } from '../../server/cities/index.ts'
import { startTestCluster, testDatabase } from '../../server/database/testing/index.ts'
import { Bus } from '../../server/live/bus.ts'
import { addDays } from '../../server/prices/index.ts'
import { applyImport } from '../../server/prices/import/apply.ts'
import { takeFile } from '../../server/prices/import/imports.ts'
import { timed, type Bench } from './figures.ts'

const ROWS = 100_000
const LIMIT_SECONDS = 10
const [MARKETS, COMMODITIES] = [10, 20]

/** A file of 100,000 rows, one price each, beside the city's own history: from its bytes to the commit. */
export const priceImport: Bench = async (report) => {
  const cluster = await startTestCluster({ durable: true })
  const database = await testDatabase(cluster.adminUrl)
  try {
    const { pool } = database
    const pack = await loadPack('malang')
    await loadCity(pool, pack, () => undefined)
    const context = { pool, pack, bus: new Bus(), clock: () => new Date('2026-08-20T03:00:00Z') }
    const markets = pack.markets.filter(({ level }) => level === 'market').slice(0, MARKETS)
    const commodities = pack.commodities.filter(({ surveyed }) => surveyed === 'yes').slice(0, COMMODITIES)
    /** @param plus what every price differs by from the first file's */
    const fileOf = (plus: number) => {
      const lines = ['Tanggal,Pasar,Komoditas,Satuan,Harga']
      for (let day = 0; lines.length <= ROWS; day += 1)
        for (const market of markets)
          for (const [place, { nameId, unit }] of commodities.entries())
            lines.push(
              `${addDays('2025-01-01', day)},${market.name},"${nameId}",${unit},"Rp${(10_000 + place * 500 + (day % 50) * 10 + plus).toLocaleString('en')}"`,
            )
      return Buffer.from(lines.slice(0, ROWS + 1).join('\n'))
    }
    const taken = async (file: Buffer) => {
      let [dry, apply, count] = [0, 0, 0]
      let id = 0
      dry = await timed(async () => {
        const { id: given, counts } = await takeFile(context, 'riwayat.csv', file, 'bench')
        id = given
        count = counts.fresh + counts.revised
      })
      apply = await timed(() =>
        applyImport(context, id, { remember: false, viewer: { actor: 'bench', name: 'Bench' } }),
      )
      return { dry: dry / 1_000, apply: apply / 1_000, count }
    }
    for (const [what, file, expected] of [
      ['of a new source', fileOf(0), ROWS],
      ['the same again', fileOf(0), 0],
      ['each another price than before', fileOf(500), ROWS],
    ] as const) {
      const { dry, apply, count } = await taken(file)
      if (count !== expected) throw new Error(`${what}: ${count} prices would change, not ${expected}`)
      const name = `import of ${ROWS.toLocaleString('en')} rows, ${what}`
      report({ figure: `${name}: dry run`, value: dry, unit: 's', limit: null, goal: 'told', ok: true })
      report({
        figure: `${name}: dry run and applying`,
        value: dry + apply,
        unit: 's',
        limit: LIMIT_SECONDS,
        goal: `under ${LIMIT_SECONDS} s`,
        ok: dry + apply < LIMIT_SECONDS,
      })
    }
  } finally {
    await database.drop()
    await cluster.stop()
  }
}
