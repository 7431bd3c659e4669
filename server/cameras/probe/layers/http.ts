import { request, type IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import { targetOf, type Target } from '../targets.ts'
import { ProbeFault, type Credentials } from '../types.ts'
import { Signer } from './auth.ts'
import type { Connections } from './connections.ts'
import type { Limit } from './scope.ts'
import { faultOf, keyOf } from './socket.ts'

const MOST_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

export interface Question {
  headers?: Record<string, string>
  /** makes it a POST */
  body?: string
  /** another one than follows from the body */
  method?: 'DELETE'
}
export interface Answer {
  response: IncomingMessage
  /** after all redirects: what addresses in the answer are relative to */
  url: URL
  /** from a connection to the head of the last answer, ms */
  latencyMs: number
}
export interface WebOptions {
  connections: Connections
  credentials: Credentials | null
  /** the hosts that are asked on purpose: whom else an answer names gets no sign-in and no cookie */
  hosts: ReadonlySet<string>
  referer: string | undefined
  cookieFrom: Target | null
  /** the portal's cookie, where an earlier visit got it */
  cookie?: string | undefined
}

/** HTTP of one camera's check: sign-in, Referer and the portal's cookie go to the hosts they are meant for, and nowhere else. */
export class Web {
  readonly #options: WebOptions
  readonly #signers = new Map<string, Signer>()
  #cookie: Promise<string> | undefined

  constructor(options: WebOptions) {
    this.#options = options
    if (options.cookie !== undefined) this.#cookie = Promise.resolve(options.cookie)
  }

  /** The portal's cookie, fetched once; '' where it asks for none. Throws a ProbeFault. */
  async cookie(limit: Limit): Promise<string> {
    const { cookieFrom } = this.#options
    return cookieFrom === null ? '' : (this.#cookie ??= this.#fetchCookie(cookieFrom, limit))
  }

  /** Asks with all that the portal wants. The answer may have any status but a redirect and 401. Throws a ProbeFault. */
  async ask(target: Target, limit: Limit, question: Question = {}): Promise<Answer> {
    const { referer } = this.#options
    const cookie = await this.cookie(limit)
    const headers = {
      ...question.headers,
      ...(referer === undefined ? {} : { referer }),
      ...(cookie === '' ? {} : { cookie }),
    }
    return this.#follow(target, limit, { ...question, headers })
  }

  /** Name and value of each cookie that a page sets, and those that redirect to it. */
  async #fetchCookie(target: Target, limit: Limit): Promise<string> {
    const cookies = new Map<string, string>()
    const { response } = await this.#follow(target, limit, {}, ({ headers }) => {
      for (const each of headers['set-cookie'] ?? []) {
        const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(each) ?? []
        if (name !== undefined) cookies.set(name, `${name}=${value}`)
      }
    })
    response.destroy()
    return [...cookies.values()].join('; ')
  }

  async #follow(
    first: Target,
    limit: Limit,
    question: Question,
    onAnswer?: (response: IncomingMessage) => void,
  ): Promise<Answer> {
    let target = first
    for (let redirects = 0; ; redirects += 1) {
      const own = this.#options.hosts.has(target.host) && (target.secure || !first.secure)
      const answer = await this.#sign(target, limit, own ? question : withoutSecrets(question), own)
      const { statusCode = 0, headers } = answer.response
      onAnswer?.(answer.response)
      if (!REDIRECTS.includes(statusCode) || headers.location === undefined) return answer
      answer.response.destroy()
      const next = redirects === MOST_REDIRECTS ? null : leadsTo(headers.location, answer.url)
      if (next === null) throw new ProbeFault('redirect', String(statusCode))
      target = next
    }
  }

  async #sign(target: Target, limit: Limit, question: Question, own: boolean): Promise<Answer> {
    const { credentials } = this.#options
    const key = keyOf(target)
    const known = own ? this.#signers.get(key) : undefined
    const answer = await this.#send(target, limit, question, known)
    if (answer.response.statusCode !== 401) return answer
    answer.response.destroy()
    const challenges = answer.response.headersDistinct['www-authenticate'] ?? []
    const signer = own && credentials !== null ? Signer.for(challenges, credentials) : undefined
    if (signer === undefined) throw new ProbeFault('sign-in', '401')
    this.#signers.set(key, signer)
    const signed = await this.#send(target, limit, question, signer)
    if (signed.response.statusCode !== 401) return signed
    throw new ProbeFault('sign-in', '401')
  }

  async #send(target: Target, limit: Limit, question: Question, signer?: Signer): Promise<Answer> {
    const url = target.url as URL
    const path = url.pathname + url.search
    const method = question.method ?? (question.body === undefined ? 'GET' : 'POST')
    const socket = await this.#options.connections.open(target, limit)
    const begun = performance.now()
    return new Promise((resolve, reject) => {
      const sent = request({
        createConnection: () => socket,
        setHost: false,
        method,
        path,
        headers: {
          host: url.host,
          'user-agent': 'PantauKota',
          accept: '*/*',
          connection: 'close',
          ...(signer === undefined ? {} : { authorization: signer.header(method, path) }),
          ...question.headers,
        },
      })
      sent.once('response', (response) => {
        // Stays, as the reader of the body comes later or never.
        response.on('error', () => undefined)
        resolve({ response, url, latencyMs: performance.now() - begun })
      })
      sent.on('error', (error) => reject(httpFault(error)))
      sent.end(question.body)
    })
  }
}

/** The `most` first bytes of a body, or fewer where it is shorter; the rest is not fetched. Throws a ProbeFault. */
export function firstBytes(response: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size < most) return
      resolve(Buffer.concat(chunks).subarray(0, most))
      response.destroy()
    })
    response.once('end', () => resolve(Buffer.concat(chunks)))
    response.once('error', (error) => reject(httpFault(error)))
    response.once('close', () => reject(new ProbeFault('reset')))
  })
}

/** Throws where a status is not 2xx. */
export function mustSucceed({ response }: Answer): void {
  const status = response.statusCode ?? 0
  if (status < 200 || status > 299) throw new ProbeFault('status', String(status))
}

/** An http(s) target that answers 2xx. How long the answer took, ms. */
export async function askHttp(web: Web, target: Target, limit: Limit): Promise<number> {
  const answer = await web.ask(target, limit)
  mustSucceed(answer)
  return answer.latencyMs
}

function leadsTo(location: string, from: URL): Target | null {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? targetOf(url) : null
}

function withoutSecrets(question: Question): Question {
  const { cookie: _cookie, ...headers } = question.headers ?? {}
  return { ...question, headers }
}

function httpFault(error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code.startsWith('HPE_') ? new ProbeFault('not-http') : faultOf(error)
}
