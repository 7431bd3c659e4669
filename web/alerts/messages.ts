import { messages } from '../i18n/index.svelte.ts'

export const t = messages(
  {
    open: '{count} peringatan',
    title: 'Peringatan yang terbuka',
    districtDown: 'Kecamatan {district}: {down} dari {known} kamera mati',
    feedStale: 'Sumber {title} tidak memberi kabar',
    ceilingBroken: '{name} di atas HET: {median} (HET {ceiling})',
  },
  {
    open: 'Alerts: {count}',
    title: 'Open alerts',
    districtDown: '{district}: {down} of {known} cameras are down',
    feedStale: 'The feed {title} is silent',
    ceilingBroken: '{name} is above its binding ceiling: {median} (HET {ceiling})',
  },
)
