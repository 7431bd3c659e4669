import type { QuoteStatus } from '#contract/price.ts'

export type Lang = 'id' | 'en'

const ID = {
  day: 'Tanggal',
  commodity: 'Komoditas',
  commodityCode: 'Kode komoditas',
  market: 'Pasar',
  marketCode: 'Kode pasar',
  unit: 'Satuan',
  price: 'Harga (Rp)',
  status: 'Status',
  source: 'Sumber',
  median: 'Median kota (Rp)',
  low: 'Terendah (Rp)',
  high: 'Tertinggi (Rp)',
  markets: 'Pasar melapor',
  yesterday: 'Hari sebelumnya (Rp)',
  lastWeek: '7 hari sebelumnya (Rp)',
  kind: 'Jenis acuan',
  ceiling: 'Acuan (Rp)',
  excess: 'Di atas acuan (%)',
  regulation: 'Peraturan',
  daysAbove: 'Hari di atas acuan (30 hari)',
  daysKnown: 'Hari berharga (30 hari)',
  aboveSince: 'Di atas acuan sejak',
  marketsAbove: 'Pasar di atas acuan',
  usual: 'Median setahun (Rp)',
  latitude: 'Lintang',
  longitude: 'Bujur',
  offCity: 'Terhadap median kota (%)',
  index: 'Indeks (bulan dasar = 100)',
  completeness: 'Bobot dengan harga hari itu (%)',
  remark: 'Keterangan',
  notes: 'Catatan',
}
export type Word = keyof typeof ID
const EN: Record<Word, string> = {
  day: 'Date',
  commodity: 'Commodity',
  commodityCode: 'Commodity code',
  market: 'Market',
  marketCode: 'Market code',
  unit: 'Unit',
  price: 'Price (IDR)',
  status: 'Status',
  source: 'Source',
  median: 'City median (IDR)',
  low: 'Lowest (IDR)',
  high: 'Highest (IDR)',
  markets: 'Markets reporting',
  yesterday: 'Day before (IDR)',
  lastWeek: '7 days before (IDR)',
  kind: 'Kind of ceiling',
  ceiling: 'Ceiling (IDR)',
  excess: 'Above the ceiling (%)',
  regulation: 'Regulation',
  daysAbove: 'Days above (of 30)',
  daysKnown: 'Days with a price (of 30)',
  aboveSince: 'Above since',
  marketsAbove: 'Markets above',
  usual: 'Median of a year (IDR)',
  latitude: 'Latitude',
  longitude: 'Longitude',
  offCity: 'Against the city median (%)',
  index: 'Index (base month = 100)',
  completeness: 'Weight with a price of the day (%)',
  remark: 'Remark',
  notes: 'Notes',
}
export const WORDS: Record<Lang, Record<Word, string>> = { id: ID, en: EN }

export const UNITS: Record<Lang, Record<string, string>> = {
  id: { bottle: 'botol', pack: 'kemasan', can: 'kaleng', piece: 'buah' },
  en: {},
}
export const STATUSES: Record<Lang, Record<QuoteStatus, string>> = {
  id: { reported: 'dilaporkan', carried: 'terbawa', imputed: 'perkiraan', corrected: 'dikoreksi' },
  en: { reported: 'reported', carried: 'carried', imputed: 'imputed', corrected: 'corrected' },
}

export const KINDS = [
  'board',
  'commodity',
  'market',
  'map',
  'heat',
  'ceilings',
  'index',
  'indicators',
] as const
export type Kind = (typeof KINDS)[number]
export const TITLES: Record<Lang, Record<Kind, string>> = {
  id: {
    board: 'Harga harian',
    commodity: 'Riwayat komoditas',
    market: 'Riwayat pasar',
    map: 'Harga per pasar',
    heat: 'Median kota per hari',
    ceilings: 'Pantauan acuan',
    index: 'Indeks harga',
    indicators: 'Indikator',
  },
  en: {
    board: 'Prices of a day',
    commodity: 'Commodity history',
    market: 'Market history',
    map: 'Prices by market',
    heat: 'City medians by day',
    ceilings: 'Ceiling watch',
    index: 'Price index',
    indicators: 'Indicators',
  },
}

interface About {
  city: string
  at: string
  known: string | undefined
  demo: boolean
  sources: readonly string[]
}
const METHODS: Record<Lang, Record<Kind, string>> = {
  id: {
    board:
      'Median kota: nilai tengah harga semua pasar yang melapor pada hari itu. Harga pasar yang tidak melapor terbawa paling lama 7 hari dan ditandai.',
    commodity:
      'Satu baris satu harga: yang berlaku untuk pasar dan hari itu, revisi terakhir dari sumber yang paling dipercaya. Berkas ini dapat diimpor kembali.',
    market:
      'Satu baris satu harga: yang berlaku untuk pasar dan hari itu, revisi terakhir dari sumber yang paling dipercaya. Berkas ini dapat diimpor kembali.',
    map: 'Harga yang berlaku di tiap pasar; yang tidak dilaporkan pada hari itu terbawa paling lama 7 hari dan ditandai.',
    heat: 'Median kota per hari; sel kosong berarti tidak ada pasar yang melapor.',
    ceilings:
      'Kelebihan: (median kota - acuan) / acuan, menurut peraturan yang berlaku pada hari itu di zona kota. HET mengikat, HAP rujukan.',
    index:
      'Indeks Laspeyres: biaya keranjang yang tetap terhadap bulan dasar. Harga terbawa paling lama 31 hari; bobot dengan harga hari itu tertulis di sampingnya.',
    indicators:
      'Rumus dan sumber setiap indikator tertulis di halaman komoditas ("bagaimana dihitung?"). Sel kosong: riwayat belum cukup.',
  },
  en: {
    board:
      'City median: the middle of the prices of all markets that reported on that day. The price of a market that did not report is carried for 7 days at most, and marked.',
    commodity:
      'A row is a price: what counts of that market and day, the last revision of the most trusted source. This file can be imported again.',
    market:
      'A row is a price: what counts of that market and day, the last revision of the most trusted source. This file can be imported again.',
    map: 'What counts at each market; what was not reported on the day itself is carried for 7 days at most, and marked.',
    heat: 'City medians by day; an empty cell means that no market reported.',
    ceilings:
      "Excess: (city median - ceiling) / ceiling, by the rule in force on that day in the city's zone. HET binds, HAP is a reference.",
    index:
      "Laspeyres' index: the cost of a fixed basket against the base month. Prices are carried for 31 days at most; the weight with a price of the day stands beside it.",
    indicators:
      'Formula and source of each indicator stand on the page of a commodity ("how is this counted?"). Empty: not enough history.',
  },
}

/** What has to be known beside the figures: whose, how counted, from where, as of when. */
export function notesOf(lang: Lang, kind: Kind, { city, at, known, demo, sources }: About): string[] {
  const title = TITLES[lang][kind]
  const words =
    lang === 'id'
      ? {
          made: `Keadaan data: ${at}`,
          known: `Sebagaimana diketahui pada akhir ${known}: laporan dan koreksi sesudahnya tidak ikut dihitung.`,
          prices: 'Harga dalam rupiah per satuan.',
          from: 'Sumber',
          demo: 'DATA DEMO: bukan harga sebenarnya.',
        }
      : {
          made: `As of: ${at}`,
          known: `As known at the end of ${known}: later reports and corrections do not count.`,
          prices: 'Prices are rupiah per unit.',
          from: 'Sources',
          demo: 'DEMO DATA: these are no real prices.',
        }
  return [
    `${title}, ${city}`,
    ...(demo ? [words.demo] : []),
    METHODS[lang][kind],
    words.prices,
    ...(known === undefined ? [] : [words.known]),
    ...(sources.length > 0 ? [`${words.from}: ${sources.join('; ')}`] : []),
    words.made,
  ]
}
