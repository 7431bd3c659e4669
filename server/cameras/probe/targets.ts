import { isIP } from 'node:net'
import type { Targets } from '#contract/probing.ts'
import type { Credentials } from './types.ts'

export type TargetKind = keyof Targets

/** Where to connect, and for a URL what to ask there. */
export interface Target {
  /** a name or an address literal, without brackets */
  host: string
  /** 0 for a ping */
  port: number
  /** TLS comes first */
  secure: boolean
  /** null for ping and tcp */
  url: URL | null
}

const WEB = ['http:', 'https:']
const PROTOCOLS: Record<TargetKind, string[] | 'host' | 'host:port'> = {
  ping: 'host',
  tcp: 'host:port',
  rtsp: ['rtsp:', 'rtsps:'],
  http: WEB,
  hls: WEB,
  snapshot: WEB,
  onvif: WEB,
  whep: WEB,
  referer: WEB,
  cookieFrom: WEB,
}
const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443, 'rtsp:': 554, 'rtsps:': 322 }
const SECURE = ['https:', 'rtsps:']
const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u
/** What cameras call a password in a query. */
const PASSWORD = /^(?:pass|password|passwd|passwort|pwd|psw|loginpas)$/i

/**
 * Reads an address of a kind; null where it is none. Where a camera takes its sign-in only in the address, {username}
 * and {password} stand for it and are filled in here.
 */
export function parseTarget(
  kind: TargetKind,
  address: string,
  credentials: Credentials | null = null,
): Target | null {
  const protocols = PROTOCOLS[kind]
  if (protocols === 'host') {
    const host = bare(address)
    return isHost(host) ? { host, port: 0, secure: false, url: null } : null
  }
  if (protocols === 'host:port') {
    const [, host = '', digits] = /^(.+):(\d{1,5})$/.exec(address) ?? []
    const port = Number(digits)
    const literal = isIP(host) !== 6 && isHost(bare(host))
    return literal && port >= 1 && port <= 65_535
      ? { host: bare(host), port, secure: false, url: null }
      : null
  }
  const text = filled(address, credentials)
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && protocols.includes(url.protocol) ? targetOf(url) : null
}

/** Where a URL leads; null where it names no host. */
export function targetOf(url: URL): Target | null {
  const host = bare(url.hostname)
  if (!isHost(host)) return null
  return {
    host,
    port: url.port === '' ? (PORTS[url.protocol] ?? 0) : Number(url.port),
    secure: SECURE.includes(url.protocol),
    url,
  }
}

/** What is expected of an address of a kind, where it does not fit; null where it does. */
export function addressFault(kind: TargetKind, address: string): string | null {
  const target = parseTarget(kind, address)
  if (target === null) return EXPECTED[kind]
  if (target.url === null) return null
  if (target.url.username !== '' || target.url.password !== '' || holdsPassword(address, target.url))
    return 'an address without user name and password: they are kept sealed beside it; {username} and {password} stand for them where the camera takes them only there'
  return null
}

/** Every address that does not fit, with its field and what was expected. */
export function targetFaults(targets: Targets): { field: TargetKind; expected: string }[] {
  return (Object.keys(targets) as TargetKind[]).flatMap((field) => {
    const expected = addressFault(field, targets[field] ?? '')
    return expected === null ? [] : [{ field, expected }]
  })
}

/** What is asked with the camera's sign-in. */
const SIGNED: TargetKind[] = ['rtsp', 'http', 'hls', 'snapshot', 'onvif', 'whep', 'cookieFrom']

/** The first target that takes the camera's sign-in to a host which has not had it; null where none does. */
export function strangeTarget(before: Targets, after: Targets): TargetKind | null {
  const hostOf = (targets: Targets, kind: TargetKind) => parseTarget(kind, targets[kind] ?? '')?.host
  const known = new Set(SIGNED.map((kind) => hostOf(before, kind)))
  return SIGNED.find((kind) => !known.has(hostOf(after, kind)) && after[kind] !== undefined) ?? null
}

const EXPECTED: Record<TargetKind, string> = {
  ping: 'a host name or an IP address, such as 10.20.0.7',
  tcp: 'host:port, such as 10.20.0.7:554 or [fd00::7]:554',
  rtsp: 'an address that begins with rtsp:// or rtsps://',
  http: 'an address that begins with http:// or https://',
  hls: 'the http(s):// address of an HLS playlist',
  snapshot: 'the http(s):// address of a JPEG',
  onvif: "the http(s):// address of the device's ONVIF service",
  whep: 'the http(s):// address of a WHEP endpoint',
  referer: 'the http(s):// address of the page that shows the video',
  cookieFrom: 'the http(s):// address of the page that sets the cookie',
}

const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1')
const isHost = (host: string) => isIP(host) !== 0 || HOST.test(host)

function holdsPassword(address: string, url: URL): boolean {
  const inQuery = [...url.searchParams].some(
    ([name, value]) => PASSWORD.test(name) && value !== '' && value !== '{password}',
  )
  // Some makers' paths: /user=admin_password=secret_channel=1
  return inQuery || /[/_&]password=(?!\{password\})[^_&/]/i.test(address.split('?')[0] ?? '')
}

function filled(address: string, credentials: Credentials | null): string {
  if (credentials === null) return address
  return address
    .replaceAll('{username}', () => encodeURIComponent(credentials.username))
    .replaceAll('{password}', () => encodeURIComponent(credentials.password))
}
