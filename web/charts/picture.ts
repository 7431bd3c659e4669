import { variable } from './colors.ts'

const [MARGIN, LINE] = [16, 22]

/** A chart with its heading and its sources on the theme's ground, as PNG: a picture must say by itself what it shows. */
export function pictureOf(
  canvas: HTMLCanvasElement,
  heading: string,
  notes: readonly string[],
): Promise<Blob> {
  const scale = canvas.width / Math.max(1, canvas.clientWidth)
  const [above, below] = [MARGIN + LINE * 1.6, MARGIN + LINE * notes.length]
  const sheet = document.createElement('canvas')
  sheet.width = canvas.width + 2 * MARGIN * scale
  sheet.height = canvas.height + (above + below) * scale
  const context = sheet.getContext('2d')
  if (context === null) return Promise.reject(new Error('The browser gives no canvas to draw on.'))
  context.fillStyle = variable('surface')
  context.fillRect(0, 0, sheet.width, sheet.height)
  context.scale(scale, scale)
  const family = getComputedStyle(document.body).fontFamily
  context.fillStyle = variable('text')
  context.font = `600 18px ${family}`
  context.fillText(heading, MARGIN, MARGIN + LINE * 0.8)
  context.drawImage(canvas, MARGIN, above, canvas.width / scale, canvas.height / scale)
  context.fillStyle = variable('muted')
  context.font = `13px ${family}`
  notes.forEach((note, index) =>
    context.fillText(note, MARGIN, above + canvas.height / scale + LINE * (index + 0.9)),
  )
  return new Promise((resolve, reject) =>
    sheet.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob)),
      'image/png',
    ),
  )
}

/** Gives a file to whoever looks at the page. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
