/** Changes against an earlier day. */
import { shareOf, own, type IndicatorNote } from './note.ts'

const changeNote = (
  id: { name: string; before: string; standIn: string },
  en: { name: string; before: string; standIn: string },
): IndicatorNote => ({
  kind: 'difference',
  id: {
    name: id.name,
    formula: `(P − P0) / P0; P: median kota pada hari itu, P0: median kota ${id.before}.`,
    source: own.id,
    unit: shareOf.id,
    needs: `Harga pada hari itu dan pada hari pembanding. ${id.standIn}`,
  },
  en: {
    name: en.name,
    formula: `(P − P0) / P0; P: the city median of the day, P0: the city median ${en.before}.`,
    source: own.en,
    unit: shareOf.en,
    needs: `A price of the day and of the day compared with. ${en.standIn}`,
  },
})

export const CHANGE_NOTES = {
  'change-day': changeNote(
    {
      name: 'Perubahan harian',
      before: 'sehari sebelumnya',
      standIn: 'Hari lain tidak dipakai sebagai gantinya.',
    },
    { name: 'Change in a day', before: 'the day before', standIn: 'No other day stands in for it.' },
  ),
  'change-week': changeNote(
    {
      name: 'Perubahan mingguan',
      before: 'tujuh hari sebelumnya',
      standIn: 'Bila hari itu tanpa harga, dipakai sehari sebelumnya.',
    },
    {
      name: 'Change in a week',
      before: 'seven days before',
      standIn: 'Where that day has none, the day before it stands in.',
    },
  ),
  'change-month': changeNote(
    {
      name: 'Perubahan bulanan',
      before: 'pada tanggal yang sama sebulan sebelumnya (bila tidak ada, tanggal terakhir bulan itu)',
      standIn: 'Bila hari itu tanpa harga, dipakai hari terdekat dari tiga hari sebelumnya.',
    },
    {
      name: 'Change in a month',
      before: 'of the same date a month before (of a shorter month its last day)',
      standIn: 'Where that day has none, the nearest of the three days before it stands in.',
    },
  ),
  'change-year': changeNote(
    {
      name: 'Perubahan tahunan',
      before: 'pada tanggal yang sama setahun sebelumnya',
      standIn: 'Bila hari itu tanpa harga, dipakai hari terdekat dari tujuh hari sebelumnya.',
    },
    {
      name: 'Change in a year',
      before: 'of the same date a year before',
      standIn: 'Where that day has none, the nearest of the seven days before it stands in.',
    },
  ),
  'change-lebaran': {
    kind: 'difference',
    id: {
      name: 'Terhadap pekan yang sama sebelum Lebaran lalu',
      formula:
        'Rata-rata median kota tujuh hari sampai hari itu, dibagi rata-rata tujuh hari yang jaraknya sama dari Lebaran tahun sebelumnya, dikurangi 1.',
      source:
        'Tanggal Lebaran menurut daftar kota (keputusan pemerintah; untuk tahun mendatang perkiraan kalender)',
      unit: shareOf.id,
      needs:
        'Hari antara 56 hari sebelum dan 14 hari sesudah Lebaran; tiga hari berharga pada masing-masing pekan.',
    },
    en: {
      name: 'Against the same week before the last Lebaran',
      formula:
        'Mean of the city medians of the seven days to this one, over the mean of the seven days that lay as far from the Lebaran before, minus 1.',
      source: "Dates of Lebaran as in the city's list (decreed; of years to come counted by the calendar)",
      unit: shareOf.en,
      needs: 'A day from 56 days before Lebaran to 14 after it; three priced days in either week.',
    },
  },
} satisfies Record<string, IndicatorNote>
