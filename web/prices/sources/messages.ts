import { messages } from '../../i18n/index.svelte.ts'

export const t = messages(
  {
    title: 'Sumber harga',
    intro:
      'Bila beberapa sumber memberi harga untuk pasar dan hari yang sama, yang dipakai adalah sumber yang lebih atas. Perkiraan (imputasi) hanya dipakai bila tak ada yang melapor.',
    order: 'Urutan',
    source: 'Sumber',
    kind: 'Jenis',
    first: 'Sejak',
    latest: 'Terbaru',
    nothing: 'belum ada harga',
    up: 'Naikkan {name}',
    down: 'Turunkan {name}',
    save: 'Simpan urutan',
    saving: 'Menyimpan dan menghitung ulang …',
    undo: 'Batalkan',
    confirm:
      'Urutan baru mengubah angka yang dipakai di semua hari dengan lebih dari satu sumber, beserta indikator dan indeksnya. Bulan yang sudah ditutup tidak berubah. Lanjutkan?',
    saved: 'Urutan tersimpan.',
    readOnly: 'Hanya administrator yang dapat mengubah urutan.',
    compare: 'Bandingkan sumber untuk',
    open: 'Buka perbandingan',
    placed: '{name} kini di urutan {place}. Belum disimpan.',
    none: 'Belum ada sumber harga.',
    'kind.survey': 'survei kota',
    'kind.history': 'berkas riwayat',
    'kind.push': 'kiriman',
    'kind.portal': 'portal, {kind}',
  },
  {
    title: 'Sources of prices',
    intro:
      'Where several sources give a price of the same market and day, the upper one counts. Estimates (imputed) count only where nobody reported.',
    order: 'Order',
    source: 'Source',
    kind: 'Kind',
    first: 'Since',
    latest: 'Newest',
    nothing: 'no price yet',
    up: 'Move {name} up',
    down: 'Move {name} down',
    save: 'Save the order',
    saving: 'Saving and counting anew …',
    undo: 'Undo',
    confirm:
      'The new order changes what counts on all days with more than one source, with their indicators and the index. Closed months do not change. Go on?',
    saved: 'The order is saved.',
    readOnly: 'Only administrators change the order.',
    compare: 'Compare the sources of',
    open: 'Open the comparison',
    placed: '{name} is number {place} now. Not saved yet.',
    none: 'There is no source of prices yet.',
    'kind.survey': "the city's survey",
    'kind.history': 'history file',
    'kind.push': 'pushed',
    'kind.portal': 'portal, {kind}',
  },
)
const NAMED = ['survey', 'history', 'push'] as const
/** What kind of source it is. */
export const kindName = (kind: string): string => {
  const named = NAMED.find((one) => one === kind)
  return named === undefined ? t('kind.portal', { kind }) : t(`kind.${named}`)
}
