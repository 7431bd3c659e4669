/** The server draws photos no larger than this, so a phone keeps and sends no more. */
const SIDE = 1_600
const QUALITY = 0.8

/** The largest size of the same shape whose sides are at most `side` pixels; never larger than it was. */
export function fit(width: number, height: number, side = SIDE): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A photo drawn smaller, upright, as JPEG. Throws where the file is no picture that the browser knows. */
export async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const { width, height } = fit(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
  picture.close()
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be drawn')) : resolve(blob)),
      'image/jpeg',
      QUALITY,
    ),
  )
}
