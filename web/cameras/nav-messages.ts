import { messages } from '../i18n/index.svelte.ts'

export const t = messages(
  {
    menu: 'Menu kamera',
    list: 'Daftar',
    timeline: 'Garis waktu',
    topology: 'Topologi',
    mosaic: 'Mosaik',
    maintenance: 'Pemeliharaan',
    reports: 'Laporan',
    import: 'Impor',
    settings: 'Pemeriksaan',
    close: 'Tutup',
  },
  {
    menu: 'Camera menu',
    list: 'List',
    timeline: 'Timeline',
    topology: 'Topology',
    mosaic: 'Mosaic',
    maintenance: 'Maintenance',
    reports: 'Reports',
    import: 'Import',
    settings: 'Probing',
    close: 'Close',
  },
)
