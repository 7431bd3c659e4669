import { messages } from '../../i18n/index.svelte.ts'

export const t = messages(
  {
    menu: 'Menu harga',
    board: 'Papan',
    map: 'Peta',
    heat: 'Peta panas',
    ceilings: 'Batas harga',
    index: 'Indeks',
    verify: 'Verifikasi',
    coverage: 'Cakupan',
    quality: 'Kualitas',
    sources: 'Sumber',
    import: 'Impor',
    locks: 'Tutup bulan',
    settings: 'Pengaturan',
  },
  {
    menu: 'Price menu',
    board: 'Board',
    map: 'Map',
    heat: 'Heat map',
    ceilings: 'Ceilings',
    index: 'Index',
    verify: 'Verification',
    coverage: 'Coverage',
    quality: 'Quality',
    sources: 'Sources',
    import: 'Import',
    locks: 'Closing months',
    settings: 'Settings',
  },
)
