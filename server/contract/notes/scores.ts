/** ALPS and IFPA, and the index of the basket. */
import { scoreOf, type IndicatorNote } from './note.ts'

export const SCORE_NOTES = {
  alps: {
    kind: 'score',
    id: {
      name: 'ALPS, peringatan lonjakan harga',
      formula:
        '(P − P musiman) / σ. P: rata-rata bulan; P musiman: kuadrat terkecil atas tren linear dan sebelas peubah bulan, dari data sampai bulan itu; σ: simpangan baku residu (n − 1). Normal di bawah 0,25; tekanan di bawah 1; waspada di bawah 2; krisis mulai 2.',
      source: 'World Food Programme (WFP), Technical Guidance Note: ALPS, 2014',
      unit: scoreOf.id,
      needs:
        'Riwayat 36 bulan, 70% bulannya berharga, satu dari enam bulan terakhir, dan bulan kalender itu dua kali.',
    },
    en: {
      name: 'ALPS, alert for price spikes',
      formula:
        '(P − P seasonal) / σ. P: the mean of the month; P seasonal: least squares on a linear trend and eleven month dummies, of what was known by that month; σ: standard deviation of the residuals (n − 1). Normal below 0.25, stress below 1, alert below 2, crisis from 2.',
      source: 'World Food Programme (WFP), Technical Guidance Note: ALPS, 2014',
      unit: scoreOf.en,
      needs:
        'A history of 36 months, 70% of them with a price, one of the last six, and the calendar month twice.',
    },
  },
  ifpa: {
    kind: 'score',
    id: {
      name: 'IFPA, anomali harga pangan (SDG 2.c.1)',
      formula:
        '0,4 z3 + 0,6 z12. zk = (CGRk − rata-rata) / s; CGRk = (P / P k bulan lalu)^(1/k) − 1, dibandingkan dengan bulan kalender yang sama pada n tahun sebelumnya dengan bobot j / (1 + … + n), yang terbaru paling berat; s = √(Σ w (v − rata-rata)² / ((n − 1)/n Σ w)). Mulai 1: tinggi luar biasa; mulai 0,5: agak tinggi; kebalikannya untuk harga rendah.',
      source: 'FAO, indikator SDG 2.c.1 (Baquedano, 2015)',
      unit: scoreOf.id,
      needs:
        'Riwayat 36 bulan sebelum bulan itu, harga 3 dan 12 bulan sebelumnya, dan dua tahun pembanding. Tahun yang tidak lengkap tidak diikutkan.',
    },
    en: {
      name: 'IFPA, food price anomalies (SDG 2.c.1)',
      formula:
        '0.4 z3 + 0.6 z12. zk = (CGRk − mean) / s; CGRk = (P / P of k months ago)^(1/k) − 1, held against the same calendar month of the n years before, which weigh j / (1 + … + n), the latest most; s = √(Σ w (v − mean)² / ((n − 1)/n Σ w)). From 1 abnormally high, from 0.5 moderately high, and the mirror of it for lows.',
      source: 'FAO, SDG indicator 2.c.1 (Baquedano, 2015)',
      unit: scoreOf.en,
      needs:
        'A history of 36 months before that month, prices 3 and 12 months before it, and two years to compare with. Years that are not whole are left out.',
    },
  },
} satisfies Record<string, IndicatorNote>

/** The basket's index, which is not one commodity's. */
export const INDEX_NOTE: Pick<IndicatorNote, 'id' | 'en'> = {
  id: {
    name: 'Indeks harga keranjang (Laspeyres)',
    formula:
      '100 × Σ q P / Σ q P0: biaya keranjang yang tetap dibandingkan dengan biayanya pada bulan dasar. Andil: w (r sekarang − r dulu) / Σ w r dulu, dengan r = P / P0; jumlah semua andil sama dengan perubahan indeks. Harga dibawa paling lama 31 hari; sesudah itu komoditas dianggap bergerak seperti yang lain.',
    source: 'ILO dkk., Consumer Price Index Manual, 2020. Bukan IPH dari BPS.',
    unit: 'bulan dasar = 100',
    needs: 'Harga bulan dasar untuk empat perlima komoditas, dan harga hari itu untuk empat perlima bobot.',
  },
  en: {
    name: "The basket's price index (Laspeyres)",
    formula:
      '100 × Σ q P / Σ q P0: what a fixed basket costs against its cost in the base month. Contribution: w (r now − r then) / Σ w r then, with r = P / P0; contributions sum to the change of the index. Prices are carried for 31 days at most; then a commodity is taken to have gone the way of the others.',
    source: 'ILO and others, Consumer Price Index Manual, 2020. Not the IPH of BPS.',
    unit: 'base month = 100',
    needs:
      'Prices of the base month for four fifths of the commodities, and of the day for four fifths of the weight.',
  },
}
