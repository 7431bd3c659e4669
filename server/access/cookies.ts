import { isToken } from './tokens.ts'

const DEVICE_AGE_SECONDS = 10 * 365 * 86_400

/** The cookies' names and how they are set; over https they carry the prefix that binds them to this very host. */
export class Cookies {
  readonly #secure: boolean
  readonly #session: string
  readonly #device: string

  constructor(publicUrl: string | undefined) {
    this.#secure = publicUrl?.startsWith('https:') ?? false
    const prefix = this.#secure ? '__Host-' : ''
    this.#session = `${prefix}pantau_session`
    this.#device = `${prefix}pantau_device`
  }

  read(header: string | undefined): { session: string | undefined; device: string | undefined } {
    return { session: tokenIn(header, this.#session), device: tokenIn(header, this.#device) }
  }

  session = (token: string): string => this.#cookie(this.#session, token)
  device = (token: string): string => this.#cookie(this.#device, token, DEVICE_AGE_SECONDS)
  forgotten = (): string[] => [this.#cookie(this.#session, '', 0), this.#cookie(this.#device, '', 0)]

  #cookie(name: string, value: string, maxAge?: number): string {
    return [
      `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`,
      ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
      ...(this.#secure ? ['Secure'] : []),
    ].join('; ')
  }
}

function tokenIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== name) continue
    const value = pair.slice(at + 1).trim()
    if (isToken(value)) return value
  }
  return undefined
}
