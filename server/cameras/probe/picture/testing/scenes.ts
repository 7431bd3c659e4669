import sharp from 'sharp'

export interface Scene {
  /** of the sensor's noise, which differs with it */
  seed?: number
  /** standard deviation of the noise, of 255 */
  noise?: number
  /** of the light, 1 by day */
  light?: number
  /** where a car stands, 0..1 of the width; none without it */
  car?: number
  /** the overlay's clock; none without it */
  clock?: string
  /** standard deviation of a Gaussian blur in pixels */
  blur?: number
  quality?: number
}

const WIDTH = 640
const HEIGHT = 360
/** drawn in these units, and scaled to the size above */
const VIEW = 'viewBox="0 0 1280 720"'

/** A street as a camera sends it: a JPEG with noise, houses, a car, and the clock that is drawn over it. */
export async function street(scene: Scene = {}): Promise<Buffer> {
  const { seed = 1, noise = 4, light = 1, car, clock, blur, quality = 75 } = scene
  const houses = Array.from({ length: 12 }, (_, at) => {
    const grey = 60 + ((at * 53) % 150)
    const windows = Array.from(
      { length: 6 },
      (_window, n) =>
        `<rect x="${at * 107 + 12 + (n % 2) * 45}" y="${270 + Math.floor(n / 2) * 60}" width="24" height="32" fill="rgb(20,30,40)"/>`,
    )
    const top = 160 + ((at * 71) % 90)
    return `<rect x="${at * 107}" y="${top}" width="104" height="${470 - top}" fill="rgb(${grey},${grey - 10},${grey - 20})"/>${windows.join('')}`
  })
  const driven =
    car === undefined
      ? ''
      : `<rect x="${car * 1100}" y="500" width="180" height="80" fill="rgb(200,30,30)"/><rect x="${car * 1100 + 40}" y="460" width="100" height="45" fill="rgb(30,30,60)"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" ${VIEW}>
    <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#8ab"/><stop offset="1" stop-color="#dde"/></linearGradient></defs>
    <rect width="1280" height="480" fill="url(#sky)"/><rect y="470" width="1280" height="250" fill="#667"/>
    ${houses.join('')}<path d="M0 620 H1280" stroke="#eee" stroke-width="8" stroke-dasharray="60 40"/>${driven}</svg>`
  const blurred = blur === undefined ? sharp(Buffer.from(svg)) : sharp(Buffer.from(svg)).blur(blur)
  const { data, info } = await blurred.flatten().raw().toBuffer({ resolveWithObject: true })
  const random = gaussian(seed)
  for (let at = 0; at < data.length; at += 1)
    data[at] = Math.max(0, Math.min(255, Math.round((data[at] ?? 0) * light + random() * noise)))
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const picture = sharp(data, { raw })
  const drawn =
    clock === undefined ? picture : picture.composite([{ input: overlay(clock), top: 5, left: 10 }])
  return drawn.jpeg({ quality }).toBuffer()
}

/** What a media server sends in place of a camera's picture: text on one colour. */
export function drawnNotice(text: string, background = '#1d2b4f'): Promise<Buffer> {
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="100%" height="100%" fill="${background}"/>
      <text x="640" y="370" font-size="84" font-family="sans-serif" fill="#fff" text-anchor="middle">${text}</text></svg>`,
    ),
  )
    .jpeg({ quality: 80 })
    .toBuffer()
}

/** A night with some lamps over an empty place: as dark and flat as a real scene gets. */
export async function night({ seed = 1, noise = 2, lamps = 4 } = {}): Promise<Buffer> {
  const lights = Array.from(
    { length: lamps },
    (_, at) => `<circle cx="${200 + at * 260}" cy="${300 + (at % 2) * 60}" r="70" fill="url(#glow)"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" ${VIEW}><defs><radialGradient id="glow">
    <stop offset="0" stop-color="#fff"/><stop offset="0.2" stop-color="#cca"/><stop offset="1" stop-color="#0a0a0c"/></radialGradient></defs>
    <rect width="100%" height="100%" fill="#0a0a0c"/>${lights.join('')}</svg>`
  const { data, info } = await sharp(Buffer.from(svg)).flatten().raw().toBuffer({ resolveWithObject: true })
  const random = gaussian(seed)
  for (let at = 0; at < data.length; at += 1)
    data[at] = Math.max(0, Math.min(255, Math.round((data[at] ?? 0) + random() * noise)))
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .jpeg({ quality: 70 })
    .toBuffer()
}

/** One colour, with a clock over it where asked. */
export async function plain(colour: string, clock?: string): Promise<Buffer> {
  const picture = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: colour } })
  return (clock === undefined ? picture : picture.composite([{ input: overlay(clock), top: 5, left: 10 }]))
    .jpeg()
    .toBuffer()
}

const overlay = (clock: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="260" height="30"><text x="0" y="22" font-size="22" font-family="monospace" fill="#fff" stroke="#000">${clock}</text></svg>`,
  )

/** Normally distributed numbers, the same for the same seed: mulberry32 and Box-Muller. */
function gaussian(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
