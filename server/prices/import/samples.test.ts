import writeExcelFile from 'write-excel-file/node'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadPack, readHistory, type CityPack } from '../../cities/index.ts'
import { sample, understand } from './testing/index.ts'

let pack: CityPack
const history = new Map<string, number>()
beforeAll(async () => {
  pack = await loadPack('malang')
  for await (const { feed, day, commodity, market, price } of readHistory('malang'))
    history.set(`${feed} ${day} ${commodity} ${market}`, price)
})
const keyOf = ({ day, commodity, market }: { day: string; commodity: string; market: string }) =>
  `${day} ${commodity} ${market}`

describe('a file of a real source, with nobody’s help, gives the prices of the city’s pack', () => {
  it.each([
    ['bapanas-kota-malang-monthly.csv', 'bapanas-monthly', 400, 'by-commodity', 'imputed'],
    ['kota-malang-cabe-rawit-daily.csv', 'cabe-rawit-city', 40, 'long', 'reported'],
    ['pasar-dinoyo-daily.csv', 'pasar-dinoyo', 440, 'by-commodity', 'reported'],
    ['pihps-jawa-timur-daily.csv', 'pihps-jawa-timur', 400, 'by-commodity', 'reported'],
    ['pihps-kota-malang.csv', 'pihps-kota-malang', 21, 'long', 'reported'],
    ['siskaperbapo-kota-malang-markets.csv', 'siskaperbapo-markets', 60, 'long', 'reported'],
    ['siskaperbapo-producer-daily.csv', 'producer', 680, 'by-commodity', 'reported'],
  ])('%s', async (name, feed, count, layout, status) => {
    const { mapping, read } = await understand(name, await sample(name), pack)
    expect(mapping).toMatchObject({ layout, status })
    expect(read).toMatchObject({ refused: 0, leftOut: 0, unknown: [], problems: [] })
    expect(read.prices).toHaveLength(count)
    const differing = read.prices.filter(
      (price) => history.get(`history:${feed} ${keyOf(price)}`) !== price.price,
    )
    expect(differing).toEqual([])
  })
  it('siskaperbapo-commodities.csv holds no prices', async () => {
    const { read } = await understand(
      'siskaperbapo-commodities.csv',
      await sample('siskaperbapo-commodities.csv'),
      pack,
    )
    expect(read).toMatchObject({ prices: [], refused: 0, none: 0 })
  })
})

const pricesOf = (prices: readonly { day: string; commodity: string; market: string; price: number }[]) =>
  Object.fromEntries(prices.map((price) => [keyOf(price), price.price]))

describe('a file as an office keeps it', () => {
  it('has titles above the header, month names, a weekday, prices per ons, Windows-1252 and a line of averages', async () => {
    const { mapping, read } = await understand('dinas-harian.csv', await sample('dinas-harian.csv'), pack)
    expect(mapping).toMatchObject({ headerRow: 4, headerRows: 1, market: 'pasar-blimbing', dayFirst: true })
    expect(pricesOf(read.prices)).toMatchObject({
      '2026-08-01 beras-medium pasar-blimbing': 14_500,
      '2026-08-01 cabai-rawit-merah pasar-blimbing': 52_500,
      '2026-08-01 telur-ayam-ras pasar-blimbing': 28_000,
      '2026-08-02 telur-ayam-ras pasar-blimbing': 28_250,
      '2026-08-05 cabai-rawit-merah pasar-blimbing': 54_000,
    })
    expect(read.prices).toHaveLength(16)
    expect(read.problems).toMatchObject([
      { row: 9, column: 'F', reason: 'not-a-price', value: '28x00' },
      { row: 11, column: 'B', reason: 'not-a-day', value: 'Rata-rata' },
    ])
  })
  it('names its weekdays in a column "Hari / Tanggal" beside one of averages, with the dashes and quotes of Windows-1252', async () => {
    const text = [
      'Laporan – Pasar Bunulrejo;;;;',
      'No;Hari / Tanggal;Beras Medium;Telur Ayam Ras;Rata-rata',
      '1;Jum’at, 1 Maret 2024;Rp12,900;28.000;20.450',
      '2;Sabtu, 2 Mrt 2024;12.900;Rp 28.100,-;20.500',
    ].join('\r\n')
    const windows: Record<string, number> = { '–': 0x96, '’': 0x92 }
    const bytes = Buffer.from([...text].map((letter) => windows[letter] ?? letter.charCodeAt(0)))
    const { mapping, read } = await understand('laporan.csv', bytes, pack)
    expect(mapping).toMatchObject({ headerRow: 1, market: 'pasar-bunulrejo' })
    expect(mapping.columns.map(({ role }) => role)).toEqual(['ignored', 'day', 'price', 'price', 'ignored'])
    expect(read.problems).toEqual([])
    expect(pricesOf(read.prices)).toEqual({
      '2024-03-01 beras-medium pasar-bunulrejo': 12_900,
      '2024-03-01 telur-ayam-ras pasar-bunulrejo': 28_000,
      '2024-03-02 beras-medium pasar-bunulrejo': 12_900,
      '2024-03-02 telur-ayam-ras pasar-bunulrejo': 28_100,
    })
  })
  it('has the days of a month as columns that are only numbered, with lines of categories between', async () => {
    const { mapping, read } = await understand('pasar-bulanan.csv', await sample('pasar-bulanan.csv'), pack)
    expect(mapping).toMatchObject({ layout: 'by-day', market: 'pasar-oro-oro-dowo' })
    expect(pricesOf(read.prices)).toMatchObject({
      '2026-08-01 beras-premium pasar-oro-oro-dowo': 16_500,
      '2026-08-06 bawang-merah pasar-oro-oro-dowo': 37_000,
    })
    expect(
      read.prices.filter(({ commodity }) => commodity.startsWith('cabai')).map(({ price }) => price),
    ).toEqual([52_000, 52_500, 52_500, 53_000, 53_000, 53_000])
    expect(read.unknown).toEqual([{ kind: 'commodity', name: 'Bawang Bombay', rows: 6 }])
  })
  it('has commodities above their markets in a header of three lines', async () => {
    const { mapping, read } = await understand(
      'komoditas-atas-pasar.csv',
      await sample('komoditas-atas-pasar.csv'),
      pack,
    )
    expect(mapping.columns[4]).toMatchObject({
      role: 'price',
      commodity: 'Bawang Putih',
      market: 'Pasar Besar',
    })
    expect(read.prices).toHaveLength(16)
    expect(pricesOf(read.prices)).toMatchObject({
      '2026-08-13 bawang-merah pasar-klojen': 37_500,
      '2026-08-02 bawang-putih pasar-klojen': 31_000,
    })
  })
  it('has tabs, three ways to write a day, and names that nobody knows', async () => {
    const { read } = await understand('tabs.txt', await sample('tabs.txt'), pack)
    expect(pricesOf(read.prices)).toEqual({
      '2026-02-13 gula-kristal-putih pasar-besar': 17_500,
      '2026-03-02 daging-ayam-ras pasar-besar': 38_000,
      '2026-03-03 daging-ayam-ras pasar-sukun': 38_500,
    })
    expect(read.unknown).toEqual([{ kind: 'commodity', name: 'Daging Ayam Broilr', rows: 1 }])
  })
  it('is a workbook of two sheets with cells merged over columns and down rows, and real dates', async () => {
    const day = (iso: string) => ({ value: new Date(`${iso}T00:00:00Z`), type: Date, format: 'dd/mm/yyyy' })
    const book = await writeExcelFile([
      { sheet: 'Sampul', data: [[{ value: 'Laporan 2026', type: String }]] },
      {
        sheet: 'Data',
        data: [
          [{ value: 'HARGA BAHAN POKOK', type: String, columnSpan: 4 }],
          [
            { value: 'Komoditas', type: String, rowSpan: 2 },
            { value: 'Pasar', type: String, rowSpan: 2 },
            { value: 'Agustus 2026', type: String, columnSpan: 2 },
          ],
          [null, null, day('2026-08-01'), day('2026-08-02')],
          [
            { value: 'Bawang Merah', type: String, rowSpan: 2 },
            { value: 'Pasar Besar', type: String },
            { value: 36_000, type: Number },
            { value: 36_500, type: Number },
          ],
          [null, { value: 'Pasar Klojen', type: String }, { value: 37_000, type: Number }, null],
        ],
      },
    ]).toBuffer()
    const { mapping, read } = await understand('rekap.xlsx', book, pack)
    expect(mapping).toMatchObject({ sheet: 1, layout: 'by-day' })
    expect(pricesOf(read.prices)).toEqual({
      '2026-08-01 bawang-merah pasar-besar': 36_000,
      '2026-08-02 bawang-merah pasar-besar': 36_500,
      '2026-08-01 bawang-merah pasar-klojen': 37_000,
    })
  })
  it.each([
    [
      'months below their year',
      ',2025,,2026,\nKomoditas,Nov,Des,Jan,Feb\nGaram Halus,9000,9100,9200,9300\nTomat,8000,8100,8200,8300',
      '2026-01-01 tomat kota-malang',
      8_200,
      8,
    ],
    [
      'decimals by comma',
      'Tanggal;Beras Premium;Tomat\n01/08/2026;14520,50;8000,00\n02/08/2026;14521,00;8000,00',
      '2026-08-01 beras-premium kota-malang',
      14_521,
      4,
    ],
    [
      'markets as columns of one commodity',
      'Bawang Merah\nTanggal,Pasar Besar,Pasar Sukun\n2026-08-01,36000,37000\n2026-08-02,36100,37100',
      '2026-08-02 bawang-merah pasar-sukun',
      37_100,
      4,
    ],
  ])('has %s', async (_name, text, key, price, count) => {
    const { read } = await understand('kota malang.csv', Buffer.from(text), pack)
    expect([pricesOf(read.prices)[key], read.prices.length]).toEqual([price, count])
  })
})

describe('what a file says twice', () => {
  it('is taken once where it agrees and refused where it does not', async () => {
    const text =
      'Tanggal,Pasar,Komoditas,Harga\n2026-08-01,Pasar Besar,Tomat,8000\n2026-08-01,Pasar Besar,Tomat,8000\n2026-08-01,Pasar Besar,Tomat,9000\n2026-09-01,Pasar Besar,Tomat,9000'
    const { read } = await understand('a.csv', Buffer.from(text), pack)
    expect(read).toMatchObject({ prices: [{ price: 8_000 }], repeated: 1, refused: 2 })
    expect(read.problems.map(({ row, reason }) => [row, reason])).toEqual([
      [4, 'twice'],
      [5, 'future'],
    ])
  })
})
