import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readHistory, type HistoryRow } from './history.ts'

async function all(rows: AsyncIterable<HistoryRow>): Promise<HistoryRow[]> {
  const list: HistoryRow[] = []
  for await (const row of rows) list.push(row)
  return list
}

describe('the history of Malang', () => {
  let rows: HistoryRow[]
  beforeAll(async () => {
    rows = await all(readHistory('malang'))
  })

  it.each([
    ['siskaperbapo-markets', 252],
    ['cabe-rawit-city', 969],
    ['pasar-dinoyo', 1461 * 11],
    ['pihps-jawa-timur', 14_010],
    ['pihps-kota-malang', 21],
    ['bapanas-monthly', 400],
    ['producer', 3670 * 17],
  ])('%s holds %i prices', (name, count) => {
    expect(rows.filter(({ feed }) => feed === `history:${name}`)).toHaveLength(count)
  })

  it('marks what was averaged', () => {
    const imputed = new Set(
      rows.filter((r) => r.status === 'imputed').map((r) => `${r.feed} ${r.day.slice(0, 4)}`),
    )
    expect([...imputed].sort()).toEqual([
      'history:bapanas-monthly 2024',
      'history:bapanas-monthly 2025',
      'history:pasar-dinoyo 2015',
      'history:pasar-dinoyo 2017',
    ])
  })

  it('keeps the faults of the source', () => {
    const beef = rows.find((row) => row.market === 'ud-rph-kota-malang' && row.day === '2026-08-19')
    expect(beef).toEqual({
      feed: 'history:producer',
      market: 'ud-rph-kota-malang',
      commodity: 'daging-sapi',
      day: '2026-08-19',
      price: 13_000,
      status: 'reported',
    })
  })
})

describe('a history file with a fault', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'history-'))
    await cp(new URL('./malang', import.meta.url), join(root, 'malang'), { recursive: true })
  })
  afterAll(() => rm(root, { recursive: true }))

  it.each([
    ['date,price\n', /row 1: columns must begin with day,status/],
    ['day,status,rice@pasar-besar\n', /row 1: rice@pasar-besar: must be a code of commodities.csv, @ and/],
    ['day,status,beras@pasar-besar\n1/2/2024,reported,1\n', /row 2: must begin with a day/],
    [
      'day,status,beras@pasar-besar\n2024-01-02,reported,16.500\n',
      /row 2: beras@pasar-besar: .*got "16.500"/,
    ],
  ])('%j', async (text, message) => {
    // The name sorts before the others, so that it is read first.
    await writeFile(join(root, 'malang/history/a.csv'), text)
    await expect(all(readHistory('malang', root))).rejects.toThrow(message)
  })
})
