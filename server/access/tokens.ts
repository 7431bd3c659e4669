import { createHash, randomBytes } from 'node:crypto'

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits, 43 characters that fit a cookie, a header and an address. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const isToken = (text: string): boolean => TOKEN.test(text)

/** What the database keeps of a token: enough to find it, nothing to use it with. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
