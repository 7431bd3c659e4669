/** The columns of a file of cameras, in the order in which they are exported, and what else they may be called. */
export const COLUMNS = {
  stream_id: ['id_stream', 'id_kamera', 'kode_kamera'],
  name: ['nama', 'nama_kamera'],
  address: ['alamat'],
  latitude: ['lintang', 'lat'],
  longitude: ['bujur', 'lng', 'lon'],
  owner: ['pemilik'],
  vendor: ['penyedia'],
  group: ['kelompok', 'grup'],
  parent: ['induk'],
  enabled: ['aktif'],
  ping: [],
  tcp: [],
  rtsp: [],
  http: [],
  hls: [],
  snapshot: ['gambar'],
  onvif: [],
  whep: [],
  referer: ['perujuk'],
  cookie_from: ['kuki_dari'],
  username: ['nama_pengguna'],
  password: ['kata_sandi', 'sandi'],
  interval_seconds: ['selang_detik'],
} as const satisfies Record<string, readonly string[]>
export type ColumnName = keyof typeof COLUMNS

/** Targets by their columns. */
export const TARGETS = {
  ping: 'ping',
  tcp: 'tcp',
  rtsp: 'rtsp',
  http: 'http',
  hls: 'hls',
  snapshot: 'snapshot',
  onvif: 'onvif',
  whep: 'whep',
  referer: 'referer',
  cookie_from: 'cookieFrom',
} as const satisfies Partial<Record<ColumnName, string>>
export type TargetColumn = keyof typeof TARGETS
export const TARGET_COLUMNS = Object.keys(TARGETS) as TargetColumn[]

const NAMES = new Map<string, ColumnName>(
  (Object.entries(COLUMNS) as [ColumnName, readonly string[]][]).flatMap(([column, others]) =>
    [column, ...others].map((name) => [name, column]),
  ),
)

/** Which column a header means, whatever its case, spaces and hyphens; undefined: none. */
export const columnOf = (header: string): ColumnName | undefined =>
  NAMES.get(
    header
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
