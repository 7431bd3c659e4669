import type { AvailabilityReport, AvailabilityRow, Contract } from '#contract/availability.ts'

export type Lang = 'id' | 'en'

interface Words {
  by: Record<AvailabilityReport['by'], string>
  columns: Record<Exclude<keyof AvailabilityRow, 'key' | 'name'>, string>
  total: string
  none: string
  yesNo: [string, string]
  sheet: string
  notesSheet: string
  file: string
  notes(report: AvailabilityReport, timezone: string, now: Date): string[]
}

const LOCALES: Record<Lang, string> = { id: 'id-ID', en: 'en-GB' }
function show(lang: Lang, timezone: string) {
  const time = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone: timezone,
    dateStyle: 'long',
    timeStyle: 'long',
  })
  const share = new Intl.NumberFormat(LOCALES[lang], { style: 'percent', maximumFractionDigits: 3 })
  return {
    time: (at: string | Date) => time.format(new Date(at)),
    share: (value: number) => share.format(value),
  }
}

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
/** 2024-01-01 was a Monday. */
const dayNames = (lang: Lang, weekdays: readonly number[]) =>
  [...weekdays]
    .sort()
    .map((day) =>
      new Intl.DateTimeFormat(LOCALES[lang], { timeZone: 'UTC', weekday: 'long' }).format(
        Date.UTC(2024, 0, day),
      ),
    )
    .join(', ')

const hoursOf = (lang: Lang, { hours }: Contract, always: string) =>
  hours === null ? always : `${clockOf(hours.from)}-${clockOf(hours.to)}, ${dayNames(lang, hours.weekdays)}`

export const WORDS: Record<Lang, Words> = {
  id: {
    by: {
      camera: 'Kamera',
      site: 'Lokasi (nama kamera pertamanya)',
      district: 'Kecamatan',
      owner: 'Pemilik',
      vendor: 'Vendor',
      group: 'Kelompok',
    },
    columns: {
      cameras: 'Jumlah kamera',
      availability: 'Ketersediaan (%)',
      upSeconds: 'Berfungsi (detik)',
      downSeconds: 'Gangguan (detik)',
      unknownSeconds: 'Tidak diketahui (detik)',
      unreachableSeconds: 'Tidak terjangkau (detik)',
      plannedSeconds: 'Pemeliharaan terencana (detik)',
      outages: 'Jumlah gangguan',
      mttrSeconds: 'MTTR, rata-rata lama perbaikan (detik)',
      mtbfSeconds: 'MTBF, rata-rata waktu antargangguan (detik)',
      longestSeconds: 'Gangguan terlama (detik)',
      leftSeconds: 'Sisa waktu gangguan sampai target terlewati (detik)',
      metTarget: 'Target terpenuhi',
    },
    total: 'Semua kamera',
    none: '(tidak diisi)',
    yesNo: ['ya', 'tidak'],
    sheet: 'Ketersediaan',
    notesSheet: 'Catatan',
    file: 'ketersediaan',
    notes(report, timezone, now) {
      const { time, share } = show('id', timezone)
      return [
        ...(report.demo ? ['DATA DEMO: angka-angka ini bukan keadaan kamera yang sebenarnya.'] : []),
        `Periode: ${time(report.from)} sampai ${time(report.to)}. Dibuat: ${time(now)}.`,
        `Target: ${share(report.contract.target)}. Jam layanan: ${hoursOf('id', report.contract, 'setiap saat')}.`,
        'Ketersediaan = berfungsi / (berfungsi + gangguan), tepat sampai detik dari catatan perubahan status; kamera yang berfungsi kurang baik dihitung berfungsi. Waktu yang tidak diketahui, tidak terjangkau, atau terencana tidak dihitung di sisi mana pun.',
        'MTTR = lama gangguan yang berakhir / jumlahnya. MTBF = waktu berfungsi / jumlah gangguan. Gangguan terencana tidak dihitung; gangguan yang melewati batas periode dipotong pada batas itu.',
        'Sisa waktu = (1 - target) x (berfungsi + gangguan + waktu layanan yang masih akan datang dalam periode) - gangguan. Angka negatif: target terlewati sebanyak itu.',
      ]
    },
  },
  en: {
    by: {
      camera: 'Camera',
      site: 'Site (name of its first camera)',
      district: 'District',
      owner: 'Owner',
      vendor: 'Vendor',
      group: 'Group',
    },
    columns: {
      cameras: 'Cameras',
      availability: 'Availability (%)',
      upSeconds: 'Working (seconds)',
      downSeconds: 'Down (seconds)',
      unknownSeconds: 'Unknown (seconds)',
      unreachableSeconds: 'Unreachable (seconds)',
      plannedSeconds: 'Planned work (seconds)',
      outages: 'Outages',
      mttrSeconds: 'MTTR, mean time to repair (seconds)',
      mtbfSeconds: 'MTBF, mean time between failures (seconds)',
      longestSeconds: 'Longest outage (seconds)',
      leftSeconds: 'Down time left until the target is missed (seconds)',
      metTarget: 'Target met',
    },
    total: 'All cameras',
    none: '(not set)',
    yesNo: ['yes', 'no'],
    sheet: 'Availability',
    notesSheet: 'Notes',
    file: 'availability',
    notes(report, timezone, now) {
      const { time, share } = show('en', timezone)
      return [
        ...(report.demo ? ['DEMO DATA: these figures do not show how the cameras really are.'] : []),
        `Period: ${time(report.from)} to ${time(report.to)}. Made: ${time(now)}.`,
        `Target: ${share(report.contract.target)}. Service hours: ${hoursOf('en', report.contract, 'at all times')}.`,
        'Availability = working / (working + down), exact to the second from the record of changes of state; a camera that works badly counts as working. Unknown, unreachable and planned time counts on neither side.',
        'MTTR = time of the outages that ended / their number. MTBF = time working / number of outages. Planned outages do not count; an outage that reaches beyond the period is cut there.',
        'Time left = (1 - target) x (working + down + service time of the period that is still to come) - down. Negative: the target is missed by so much.',
      ]
    },
  },
}
