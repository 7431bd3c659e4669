import { messages } from '../../i18n/index.svelte.ts'

export const t = messages(
  {
    reported: 'dilaporkan',
    carried: 'terbawa',
    imputed: 'imputasi',
    corrected: 'dikoreksi',
    withdrawn: 'ditarik',
    'reported.hint': 'Harga yang dilaporkan untuk hari ini.',
    'carried.hint': 'Tidak ada laporan untuk hari ini: harga terakhir dari {day}.',
    'carried.hintAny': 'Tidak ada laporan untuk hari itu: harga terakhir sebelumnya.',
    'imputed.hint': 'Perkiraan, bukan laporan.',
    'corrected.hint': 'Diubah setelah dilaporkan; riwayatnya tersimpan.',
    'withdrawn.hint': 'Dinyatakan tidak berlaku; riwayatnya tersimpan.',
  },
  {
    reported: 'reported',
    carried: 'carried',
    imputed: 'imputed',
    corrected: 'corrected',
    withdrawn: 'withdrawn',
    'reported.hint': 'Reported for this day.',
    'carried.hint': 'Nothing was reported for this day: the last price, of {day}.',
    'carried.hintAny': 'Nothing was reported for that day: the last price before it.',
    'imputed.hint': 'An estimate, not a report.',
    'corrected.hint': 'Changed after it was reported; its history is kept.',
    'withdrawn.hint': 'Declared void; its history is kept.',
  },
)
