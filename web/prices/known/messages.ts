import { messages } from '../../i18n/index.svelte.ts'

export const t = messages(
  {
    knownOn: 'Sebagaimana diketahui pada',
    knownNote:
      'Angka sebagaimana diketahui pada akhir {day}; laporan dan koreksi sesudahnya tidak ikut dihitung.',
    knownNow: 'Sebagaimana diketahui sekarang',
    nothing: 'Pada waktu itu belum ada harga yang diketahui.',
  },
  {
    knownOn: 'As known on',
    knownNote: 'Figures as they were known at the end of {day}; later reports and corrections do not count.',
    knownNow: 'As known now',
    nothing: 'No prices were known at that time.',
  },
)
