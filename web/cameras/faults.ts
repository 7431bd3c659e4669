import type { Fault, Layer } from '#contract/camera.ts'
import { messages } from '../i18n/index.svelte.ts'

export { LAYERS_IN_ORDER } from './layers.ts'

const LAYERS: Record<`layer.${Layer}`, string> = {
  'layer.network': 'Jaringan',
  'layer.protocol': 'Protokol',
  'layer.stream': 'Aliran video',
  'layer.picture': 'Gambar',
}
const LAYERS_EN: typeof LAYERS = {
  'layer.network': 'Network',
  'layer.protocol': 'Protocol',
  'layer.stream': 'Stream',
  'layer.picture': 'Picture',
}
const FAULTS: Record<`fault.${Fault}`, string> = {
  'fault.dns': 'nama host tidak ditemukan di DNS',
  'fault.refused': 'sambungan ditolak: portnya tertutup',
  'fault.unreachable': 'tidak ada rute ke alamatnya',
  'fault.timeout': 'tidak menjawab sampai batas waktu',
  'fault.reset': 'sambungan diputus di tengah jalan',
  'fault.not-allowed': 'alamatnya di luar jaringan yang boleh diperiksa',
  'fault.silent': 'menerima sambungan, lalu diam',
  'fault.not-rtsp': 'yang menjawab bukan server RTSP',
  'fault.not-http': 'yang menjawab bukan server HTTP',
  'fault.sign-in': 'nama pengguna atau kata sandi ditolak',
  'fault.status': 'menjawab dengan kode galat',
  'fault.redirect': 'dialihkan terus, atau ke tempat yang tidak boleh',
  'fault.tls-expired': 'sertifikat TLS sudah kedaluwarsa',
  'fault.tls-expiring': 'sertifikat TLS segera kedaluwarsa',
  'fault.tls-incomplete': 'rantai sertifikat TLS tidak lengkap',
  'fault.tls-untrusted': 'sertifikat TLS tidak tepercaya',
  'fault.tls-name': 'sertifikat TLS untuk nama host lain',
  'fault.tls': 'sambungan TLS gagal',
  'fault.no-video': 'tidak ada jalur video',
  'fault.bad-sdp': 'keterangan videonya (SDP) tidak terbaca',
  'fault.clock-drift': 'jam perangkat melenceng',
  'fault.not-onvif': 'yang menjawab bukan perangkat ONVIF',
  'fault.bad-playlist': 'daftar putar HLS tidak terbaca',
  'fault.stuck': 'aliran video berhenti maju',
  'fault.segment': 'segmen video tidak dapat diunduh',
  'fault.no-packets': 'tidak ada paket video yang datang',
  'fault.no-picture': 'gambar tidak didapat',
  'fault.bad-picture': 'gambar rusak, tidak terbaca',
  'fault.frozen': 'gambar beku',
  'fault.black': 'gambar hitam',
  'fault.single-colour': 'gambar satu warna saja',
  'fault.out-of-focus': 'gambar buram, tidak fokus',
  'fault.placeholder': 'gambar pengganti “sedang luring” dari server',
  'fault.slow': 'jauh lebih lambat daripada biasanya',
}
const FAULTS_EN: typeof FAULTS = {
  'fault.dns': 'the host name is not known to DNS',
  'fault.refused': 'connection refused: the port is closed',
  'fault.unreachable': 'no route to its address',
  'fault.timeout': 'no answer within the limit',
  'fault.reset': 'the connection was cut off midway',
  'fault.not-allowed': 'its address lies outside the networks that may be probed',
  'fault.silent': 'takes the connection, then stays silent',
  'fault.not-rtsp': 'what answers is no RTSP server',
  'fault.not-http': 'what answers is no HTTP server',
  'fault.sign-in': 'user name or password refused',
  'fault.status': 'answers with an error code',
  'fault.redirect': 'redirected without end, or to where it may not go',
  'fault.tls-expired': 'the TLS certificate has expired',
  'fault.tls-expiring': 'the TLS certificate expires soon',
  'fault.tls-incomplete': 'the TLS certificate chain is incomplete',
  'fault.tls-untrusted': 'the TLS certificate is not trusted',
  'fault.tls-name': 'the TLS certificate is for another host name',
  'fault.tls': 'the TLS connection failed',
  'fault.no-video': 'there is no video track',
  'fault.bad-sdp': 'its description of the video (SDP) cannot be read',
  'fault.clock-drift': "the device's clock is off",
  'fault.not-onvif': 'what answers is no ONVIF device',
  'fault.bad-playlist': 'the HLS playlist cannot be read',
  'fault.stuck': 'the stream no longer advances',
  'fault.segment': 'a segment of the video cannot be downloaded',
  'fault.no-packets': 'no video packets arrive',
  'fault.no-picture': 'no picture was got',
  'fault.bad-picture': 'the picture is damaged and cannot be read',
  'fault.frozen': 'frozen picture',
  'fault.black': 'black picture',
  'fault.single-colour': 'picture of a single colour',
  'fault.out-of-focus': 'blurred picture, out of focus',
  'fault.placeholder': "the server's “offline” placeholder instead of a picture",
  'fault.slow': 'far slower than usual',
}
const t = messages({ ...LAYERS, ...FAULTS }, { ...LAYERS_EN, ...FAULTS_EN })

export const layerText = (layer: Layer): string => t(`layer.${layer}`)
/** A phrase that begins small: it stands after a layer or a colon. */
export const faultText = (fault: Fault): string => t(`fault.${fault}`)
/** "Jaringan: sambungan ditolak …", or what of it is known; '' where nothing failed. */
export const failureText = (layer: Layer | null, fault: Fault | null): string =>
  [layer === null ? null : layerText(layer), fault === null ? null : faultText(fault)]
    .filter((part) => part !== null)
    .join(': ')
