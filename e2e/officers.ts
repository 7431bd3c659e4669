import type { BrowserContext } from '@playwright/test'
import type { SurveyEvent, SurveySheet } from '../server/contract/survey.ts'
import type { Product } from './fixture.ts'

export const PASSWORD = 'kata sandi petugas pasar'
/** Of the city's clock. */
export const TODAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' }).format(new Date())
export const YESTERDAY = new Date(Date.parse(TODAY) - 86_400_000).toISOString().slice(0, 10)

type Call = <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<T>

/** Asks the server as whoever owns the cookie. */
export function callerOf(product: Product, cookie: string): Call {
  return async (method, path, body) => {
    const answer = await fetch(`${product.url}${path}`, {
      method,
      headers: {
        cookie,
        origin: product.url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as never
  }
}

/** Somebody who fills in surveys, as the server knows them. */
export class Officer {
  readonly username: string
  cookie = ''
  readonly #product: Product

  constructor(product: Product, username: string) {
    this.#product = product
    this.username = username
  }
  static async create(product: Product, username: string): Promise<Officer> {
    const admin = callerOf(product, product.cookie)
    await admin('POST', '/api/accounts', {
      username,
      name: `Petugas ${username}`,
      role: 'surveyor',
      password: PASSWORD,
    })
    const officer = new Officer(product, username)
    await officer.signIn()
    return officer
  }
  async signIn(): Promise<void> {
    const answer = await fetch(`${this.#product.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#product.url },
      body: JSON.stringify({ username: this.username, password: PASSWORD }),
    })
    if (!answer.ok) throw new Error(`${this.username} could not sign in: ${answer.status}`)
    this.cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  }
  get call(): Call {
    return callerOf(this.#product, this.cookie)
  }
  /** Gives a browser the officer's session. */
  async enter(context: BrowserContext): Promise<void> {
    const [name = '', value = ''] = this.cookie.split('=')
    await context.addCookies([{ name, value, url: this.#product.url }])
  }
  sheet(market: string): Promise<SurveySheet> {
    return this.call('GET', `/api/surveys/${market}/${TODAY}`)
  }
  /** What happened to a commodity of a survey, oldest first. */
  async trail(market: string, commodity: string): Promise<SurveyEvent[]> {
    const { id } = await this.sheet(market)
    const { events } = await this.call<{ events: SurveyEvent[] }>('GET', `/api/surveys/${id}/trail`)
    return events.filter((event) => event.commodity === commodity)
  }
}

/** Yesterday's prices of a market, rupiah. */
export async function reportYesterday(
  product: Product,
  market: string,
  prices: Record<string, number>,
): Promise<void> {
  await product.push(
    'prices',
    Object.entries(prices).map(([commodity, price]) => ({ market, commodity, day: YESTERDAY, price })),
  )
}
