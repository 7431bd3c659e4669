/** What the markets of a day say, among themselves and against producers. */
import { shareOf, rupiahOf, own, type IndicatorNote } from './note.ts'

export const MARKET_NOTES = {
  median: {
    kind: 'rupiah',
    id: {
      name: 'Median kota',
      formula:
        'Harga tengah dari semua pasar yang melapor pada hari itu; bila jumlahnya genap, rata-rata dua harga tengah. Harga bawaan dan perkiraan tidak dihitung.',
      source: own.id,
      unit: rupiahOf.id,
      needs: 'Harga dari satu pasar, atau angka kota dari portal bila tidak ada pasar yang melapor.',
    },
    en: {
      name: 'City median',
      formula:
        'The middle of the prices of all markets that reported on the day; of an even number the mean of the two in the middle. Carried and imputed prices do not count.',
      source: own.en,
      unit: rupiahOf.en,
      needs: "A price of one market, or a portal's figure for the city where no market reported.",
    },
  },
  'band-low': {
    kind: 'rupiah',
    id: {
      name: 'Harga pasar terendah',
      formula: 'Harga terendah di antara pasar yang melapor pada hari itu.',
      source: own.id,
      unit: rupiahOf.id,
      needs: 'Harga dari satu pasar.',
    },
    en: {
      name: 'Lowest market price',
      formula: 'The lowest price among the markets that reported on the day.',
      source: own.en,
      unit: rupiahOf.en,
      needs: 'A price of one market.',
    },
  },
  'band-high': {
    kind: 'rupiah',
    id: {
      name: 'Harga pasar tertinggi',
      formula: 'Harga tertinggi di antara pasar yang melapor pada hari itu.',
      source: own.id,
      unit: rupiahOf.id,
      needs: 'Harga dari satu pasar.',
    },
    en: {
      name: 'Highest market price',
      formula: 'The highest price among the markets that reported on the day.',
      source: own.en,
      unit: rupiahOf.en,
      needs: 'A price of one market.',
    },
  },
  'trimmed-mean': {
    kind: 'rupiah',
    id: {
      name: 'Rata-rata terpangkas',
      formula:
        'Rata-rata harga pasar tanpa sepersepuluh pasar termurah dan sepersepuluh termahal (paling sedikit satu di tiap ujung mulai lima pasar; di bawah lima pasar tidak ada yang dipangkas).',
      source: own.id,
      unit: rupiahOf.id,
      needs: 'Harga dari satu pasar, atau angka kota dari portal.',
    },
    en: {
      name: 'Trimmed mean',
      formula:
        'Mean of the market prices without the cheapest and the dearest tenth of the markets (at least one at each end from five markets on; of fewer none is left out).',
      source: own.en,
      unit: rupiahOf.en,
      needs: "A price of one market, or a portal's figure for the city.",
    },
  },
  disparity: {
    kind: 'share',
    id: {
      name: 'Disparitas antarpasar',
      formula:
        '(harga tertinggi − harga terendah) / harga terendah, di antara pasar yang melapor pada hari itu.',
      source: own.id,
      unit: shareOf.id,
      needs: 'Harga dari dua pasar.',
    },
    en: {
      name: 'Disparity among markets',
      formula: '(highest − lowest) / lowest, among the markets that reported on the day.',
      source: own.en,
      unit: shareOf.en,
      needs: 'Prices of two markets.',
    },
  },
  margin: {
    kind: 'share',
    id: {
      name: 'Margin di atas produsen',
      formula:
        '(median kota − median produsen) / median produsen. Biaya angkut, susut, dan pengolahan ada di dalamnya.',
      source: 'Harga produsen: SISKAPERBAPO',
      unit: shareOf.id,
      needs: 'Harga produsen komoditas asalnya, paling lama tujuh hari sebelumnya.',
    },
    en: {
      name: 'Margin over producers',
      formula:
        '(city median − producers’ median) / producers’ median. Transport, losses and processing are in it.',
      source: 'Producer prices: SISKAPERBAPO',
      unit: shareOf.en,
      needs: 'A price of producers of what becomes the commodity, not older than seven days.',
    },
  },
} satisfies Record<string, IndicatorNote>
