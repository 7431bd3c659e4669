import { messages } from '../i18n/index.svelte.ts'

export const t = messages(
  {
    open: '{count} peringatan',
    title: 'Peringatan yang terbuka',
    districtDown: 'Kecamatan {district}: {down} dari {known} kamera mati',
    uplinkLost:
      'Pemeriksa {name} kehilangan jaringannya sendiri: keadaan kamera tidak diketahui, dan tidak dihitung mati',
    incidentNode: '{name} gagal: {cameras} kamera di belakangnya',
    incidentSite: '{name}: {cameras} kamera di satu lokasi mati bersamaan',
    incidentSubnet: 'Jaringan {name}: {cameras} kamera mati bersamaan',
    feedStale: 'Sumber {title} tidak memberi kabar',
    ceilingBroken: '{name} di atas HET: {median} (HET {ceiling})',
  },
  {
    open: 'Alerts: {count}',
    title: 'Open alerts',
    districtDown: '{district}: {down} of {known} cameras are down',
    uplinkLost:
      'The prober {name} has lost its own network: the state of cameras is unknown, and does not count as down',
    incidentNode: '{name} failed: {cameras} cameras behind it',
    incidentSite: '{name}: {cameras} cameras at one site went down together',
    incidentSubnet: 'Network {name}: {cameras} cameras went down together',
    feedStale: 'The feed {title} is silent',
    ceilingBroken: '{name} is above its binding ceiling: {median} (HET {ceiling})',
  },
)
