import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** What an address is of: a playlist, whose own addresses are sealed in turn, or a part that is passed on as it is. */
export type SealedKind = 'list' | 'part'
export interface Opened {
  kind: SealedKind
  url: URL
}

/**
 * Makes addresses that a browser can ask for and cannot read: AES-256-GCM under a key that lives as long as the video. The same
 * address is sealed to the same text, by which a player knows a part that it already has; what was not sealed here does not open.
 */
export class Seals {
  readonly #key = randomBytes(32)
  readonly #nonceKey = randomBytes(32)

  seal(kind: SealedKind, url: URL): string {
    const text = `${kind === 'list' ? 'l' : 'p'}${url.href}`
    // a nonce may come twice only with the same text: it is derived from it
    const nonce = createHmac('sha256', this.#nonceKey).update(text).digest().subarray(0, NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** Null where it was not sealed here. */
  open(sealed: string): Opened | null {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= NONCE + TAG) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE), {
      authTagLength: TAG,
    })
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    const text = decipher.update(bytes.subarray(NONCE + TAG))
    try {
      decipher.final()
    } catch {
      return null
    }
    return { kind: text[0] === 0x6c ? 'list' : 'part', url: new URL(text.toString('utf8', 1)) }
  }
}
