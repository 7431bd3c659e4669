import { messages } from '../../i18n/index.svelte.ts'

export const t = messages(
  {
    title: 'Indikator semua komoditas',
    intro: 'Tiap komoditas per data terbarunya. Yang riwayatnya belum cukup tidak diberi angka.',
    commodity: 'Komoditas',
    asOf: 'per {day}',
    alarming: 'Hanya yang tidak biasa',
    mean: 'Rata-rata keragaman tahun ini: {value}',
    none: 'Belum ada indikator: belum ada harga yang masuk.',
    nothing: 'Tidak ada yang di luar kebiasaan.',
  },
  {
    title: 'Indicators of all commodities',
    intro: 'Each commodity as of its newest data. Where history does not suffice there is no figure.',
    commodity: 'Commodity',
    asOf: 'as of {day}',
    alarming: 'Only what is unusual',
    mean: 'Mean variation of this year: {value}',
    none: 'No indicators yet: no prices came in.',
    nothing: 'Nothing is out of the ordinary.',
  },
)
