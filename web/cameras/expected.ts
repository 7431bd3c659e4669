/**
 * What the server expected of a field or a cell, in Indonesian. The API speaks English; what is not known here stays
 * so, and is marked as English.
 */
const WORDS: Record<string, string> = {
  'one line of at most 200 characters': 'satu baris, paling banyak 200 karakter',
  'one line of 1 to 200 characters': 'satu baris, 1 sampai 200 karakter',
  'a name of the camera that no other has, at most 200 characters':
    'pengenal yang tidak dipakai kamera lain, paling banyak 200 karakter',
  'the code of a node of the topology': 'kode sebuah perangkat di topologi',
  'the code of a node': 'kode sebuah perangkat di topologi',
  'letters, digits, dots, hyphens and underscores, at most 60':
    'huruf, angka, titik, tanda hubung dan garis bawah, paling banyak 60',
  'another value': 'nilai lain',
  'the id of a node': 'nomor sebuah perangkat di topologi',
  'a code that no other node has': 'kode yang tidak dipakai perangkat lain',
  'a node that does not hang on this one, and that is there or can be made':
    'perangkat yang tidak tergantung pada perangkat ini, dan yang ada atau dapat dibuat',
  'yes or no, ya or tidak, 1 or 0': 'ya atau tidak, yes atau no, 1 atau 0',
  'an address without spaces, of at most 2000 characters': 'alamat tanpa spasi, paling banyak 2.000 karakter',
  'a whole number of seconds from 5 to 86400': 'bilangan bulat detik, dari 5 sampai 86.400',
  'both of user name and password, at most 200 characters each':
    'nama pengguna dan kata sandi bersama-sama, masing-masing paling banyak 200 karakter',
  'nothing here: only an administrator sets passwords':
    'kosong: hanya administrator yang menetapkan kata sandi',
  'an address at a host that the camera has already: only an administrator lets its password go to another one':
    'alamat pada host yang sudah dipakai kamera ini: hanya administrator yang boleh mengirim kata sandinya ke host lain',
  'a camera that is known: no more are let in (MAX_CAMERAS)':
    'kamera yang sudah dikenal: jumlah kamera sudah mencapai batas (MAX_CAMERAS)',
  'both or none of the two': 'lintang dan bujur bersama-sama, atau keduanya kosong',
  'a host name or an IP address, such as 10.20.0.7': 'nama host atau alamat IP, misalnya 10.20.0.7',
  'host:port, such as 10.20.0.7:554 or [fd00::7]:554': 'host:port, misalnya 10.20.0.7:554 atau [fd00::7]:554',
  'an address that begins with rtsp:// or rtsps://': 'alamat yang diawali rtsp:// atau rtsps://',
  'an address that begins with http:// or https://': 'alamat yang diawali http:// atau https://',
  'the http(s):// address of an HLS playlist': 'alamat http(s):// sebuah daftar putar HLS',
  'the http(s):// address of a JPEG': 'alamat http(s):// sebuah gambar JPEG',
  "the http(s):// address of the device's ONVIF service": 'alamat http(s):// layanan ONVIF perangkatnya',
  'the http(s):// address of a WHEP endpoint': 'alamat http(s):// sebuah layanan WHEP',
  'the http(s):// address of the page that shows the video':
    'alamat http(s):// halaman yang menampilkan videonya',
  'the http(s):// address of the page that sets the cookie': 'alamat http(s):// halaman yang memberi cookie',
  'an address without user name and password: they are kept sealed beside it; {username} and {password} stand for them where the camera takes them only there':
    'alamat tanpa nama pengguna dan kata sandi: keduanya disimpan tersegel di sampingnya; {username} dan {password} mewakilinya bila kamera hanya menerimanya di alamat',
}
/** Those that name a figure or a code. */
const PATTERNS: [RegExp, (...parts: string[]) => string][] = [
  [
    /^once in the file; it is in row (\d+) already$/,
    (row) => `sekali saja dalam berkas; sudah ada di baris ${row}`,
  ],
  [/^a number of degrees from (-\d+) to (\d+)$/, (from, to) => `angka derajat dari ${from} sampai ${to}`],
  [/^one of (.+)$/, (words) => `salah satu dari ${words}`],
  [
    /^a node that does not hang on this one \((.+) is a circle\)$/,
    (way) => `perangkat yang tidak tergantung pada perangkat ini (${way} melingkar)`,
  ],
  [/^the id of a node; none has the id (.+)$/, () => 'perangkat yang masih ada di topologi'],
  [
    /^must be at most flapHigh \((.+)\)$/,
    (high) => `paling besar sama dengan ambang mulai naik-turun (${high})`,
  ],
]

/** @returns null where no Indonesian is known for it */
export function inIndonesian(expected: string): string | null {
  const known = WORDS[expected]
  if (known !== undefined) return known
  for (const [pattern, words] of PATTERNS) {
    const [, ...parts] = pattern.exec(expected) ?? []
    if (parts.length > 0) return words(...parts)
  }
  return null
}
