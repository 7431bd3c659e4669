import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Credentials } from './types.ts'

const VERSION = 1
const NONCE = 12
const TAG = 16
const Sealed = Type.Object({ username: Type.String(), password: Type.String() })

export type SecretFault = 'wrong-key' | 'unknown-version' | 'damaged'
/** Says why sealed credentials cannot be opened; never what is in them. */
export class SecretError extends Error {
  readonly kind: SecretFault
  constructor(kind: SecretFault, message: string) {
    super(message)
    this.kind = kind
  }
}

/**
 * Seals the credentials of a camera with AES-256-GCM (NIST SP 800-38D): version, nonce, tag and cipher text. What is
 * sealed opens for this camera only, so that nobody gains by moving it to another one.
 * @param key 32 bytes
 */
export function seal(key: Buffer, cameraId: number, credentials: Credentials): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(cameraId))
  const { username, password } = credentials
  const text = Buffer.concat([cipher.update(JSON.stringify({ username, password }), 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text])
}

/** Opens what `seal` gave. Throws a SecretError. */
export function open(key: Buffer, cameraId: number, sealed: Uint8Array): Credentials {
  const bytes = Buffer.from(sealed)
  if (bytes.length <= 1 + NONCE + TAG)
    throw new SecretError(
      'damaged',
      `The sealed credentials of camera ${cameraId} are cut off: set them again.`,
    )
  if (bytes[0] !== VERSION)
    throw new SecretError(
      'unknown-version',
      `The credentials of camera ${cameraId} were sealed by another version (${bytes[0]}): set them again.`,
    )
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE), { authTagLength: TAG })
    .setAAD(boundTo(cameraId))
    .setAuthTag(bytes.subarray(1 + NONCE, 1 + NONCE + TAG))
  const clear = decipher.update(bytes.subarray(1 + NONCE + TAG))
  try {
    decipher.final()
  } catch {
    throw new SecretError(
      'wrong-key',
      `The credentials of camera ${cameraId} were not sealed with this CREDENTIALS_KEY, or were changed: give the key back or set them again.`,
    )
  }
  const value: unknown = JSON.parse(clear.toString('utf8'))
  if (!Value.Check(Sealed, value))
    throw new SecretError(
      'damaged',
      `The sealed credentials of camera ${cameraId} hold something else: set them again.`,
    )
  return value
}

const boundTo = (cameraId: number): Buffer => Buffer.from(`camera ${cameraId} version ${VERSION}`)
