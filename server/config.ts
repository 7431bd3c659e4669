import { isIP } from 'node:net'
import { resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { DEMO_NETWORK } from './demo/network.ts'
import { StartupError } from './errors-startup.ts'

const Choice = <T extends string>(...values: T[]) => Type.Union(values.map((value) => Type.Literal(value)))
const Whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** The whole configuration; `.env.example` says in words what each key does. */
const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Union([Whole(0, 65535)], { default: 8080 }),
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  TRUST_PROXY: Type.String({ default: 'false' }),
  MAX_CAMERAS: Type.Union([Whole(1, 1_000_000)], { default: 20_000 }),
  DATA_DIR: Type.String({ default: './data' }),
  CACHE_DIR: Type.Optional(Type.String()),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  DEBIAN_MIRROR: Type.Optional(Type.String({ pattern: '^https?://' })),
  CITY: Type.String({ default: 'malang', pattern: '^[a-z0-9-]+$' }),
  FEEDS_FILE: Type.Optional(Type.String()),
  DEMO: Type.Union([Choice('auto', 'on', 'off')], { default: 'auto' }),
  DEMO_DAY_SECONDS: Type.Union([Whole(1, 86400)], { default: 60 }),
  DEMO_SEED: Type.Union([Whole(0, 2 ** 31)], { default: 1 }),
  GUESTS_MAY_LOOK: Type.Union([Choice('auto', 'yes', 'no')], { default: 'auto' }),
  LOG_LEVEL: Type.Union([Choice('debug', 'info', 'warn', 'error', 'silent')], { default: 'warn' }),
  RAW_RETENTION_DAYS: Type.Union([Whole(8, 3650)], { default: 30 }),
  INGEST_MAX_BYTES: Type.Union([Whole(1024, 2 ** 30)], { default: 16 * 1024 * 1024 }),
  INGEST_MAX_ROWS: Type.Union([Whole(1, 10_000_000)], { default: 100_000 }),
  TILE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  PMTILES_FILE: Type.Optional(Type.String()),
  TILE_ATTRIBUTION: Type.Optional(Type.String()),
  PROBE: Type.Union([Choice('on', 'off')], { default: 'on' }),
  PROBE_NETWORKS: Type.Optional(Type.String()),
  PROBE_CANARIES: Type.Optional(Type.String()),
  CREDENTIALS_KEY: Type.Optional(Type.String()),
})
type Environment = Static<typeof Environment>

export interface Config {
  host: string
  port: number
  publicUrl: string | undefined
  /** whose X-Forwarded-For is believed: nobody's, or that of these addresses */
  trustProxy: false | string[]
  /** how many cameras lists may bring in */
  maxCameras: number
  dataDir: string
  cacheDir: string | undefined
  databaseUrl: string | undefined
  debianMirror: string | undefined
  city: string
  feedsFile: string | undefined
  /** the stand-in portals run: nothing real is configured */
  demo: boolean
  demoDaySeconds: number
  demoSeed: number
  guestsMayLook: boolean
  logLevel: string
  rawRetentionDays: number
  ingestMaxBytes: number
  ingestMaxRows: number
  tileUrl: string | undefined
  pmtilesFile: string | undefined
  tileAttribution: string | undefined
  /** this instance probes cameras */
  probe: boolean
  /** CIDRs that may be probed and watched; nothing else is ever asked */
  probeNetworks: string[]
  /** host:port of what answers whenever this machine's own uplink works */
  probeCanaries: string[]
  /** 32 bytes that seal the cameras' passwords; undefined: a key file in the data folder is used */
  credentialsKey: Buffer | undefined
}

/** Reads the environment once. Throws a StartupError that names each key that does not fit. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const known = Object.keys(Environment.properties)
  const given = Object.fromEntries(
    known.filter((key) => (environment[key] ?? '') !== '').map((key) => [key, environment[key]]),
  )
  const value = Value.Convert(Environment, Value.Default(Environment, given))
  if (!Value.Check(Environment, value)) {
    const keys = new Set(
      Value.Errors(Environment, value).map((error) => error.instancePath.split('/')[1] ?? ''),
    )
    const wrong = [...keys].map((key) => `${key} must be ${expectedOf(key)}`)
    throw new StartupError(`The configuration does not fit: ${wrong.join('; ')}. See .env.example.`)
  }
  const env: Environment = value
  if (env.DATABASE_URL !== undefined && !URL.canParse(env.DATABASE_URL))
    throw new StartupError(
      'DATABASE_URL is no address: write postgres://user:password@host:port/name, special characters as %XX.',
    )
  if (env.TILE_URL !== undefined && env.PMTILES_FILE !== undefined)
    throw new StartupError(
      'TILE_URL and PMTILES_FILE are both set: the map has room for one, so unset the other.',
    )
  if (env.DEMO === 'on' && env.FEEDS_FILE !== undefined)
    throw new StartupError(
      "DEMO=on and FEEDS_FILE are both set, and the demo's data must not mix with real data: unset one of them.",
    )
  const demo = env.DEMO === 'on' || (env.DEMO === 'auto' && env.FEEDS_FILE === undefined)
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    trustProxy: proxiesOf(env.TRUST_PROXY),
    maxCameras: env.MAX_CAMERAS,
    dataDir: resolve(env.DATA_DIR),
    cacheDir: env.CACHE_DIR === undefined ? undefined : resolve(env.CACHE_DIR),
    databaseUrl: env.DATABASE_URL,
    debianMirror: env.DEBIAN_MIRROR,
    city: env.CITY,
    feedsFile: env.FEEDS_FILE,
    demo,
    demoDaySeconds: env.DEMO_DAY_SECONDS,
    demoSeed: env.DEMO_SEED,
    guestsMayLook:
      env.GUESTS_MAY_LOOK === 'yes' ||
      (env.GUESTS_MAY_LOOK === 'auto' && LOOPBACK.has(env.HOST) && env.PUBLIC_URL === undefined),
    logLevel: env.LOG_LEVEL,
    rawRetentionDays: env.RAW_RETENTION_DAYS,
    ingestMaxBytes: env.INGEST_MAX_BYTES,
    ingestMaxRows: env.INGEST_MAX_ROWS,
    tileUrl: env.TILE_URL,
    pmtilesFile: env.PMTILES_FILE === undefined ? undefined : resolve(env.PMTILES_FILE),
    tileAttribution: env.TILE_ATTRIBUTION,
    probe: env.PROBE === 'on',
    probeNetworks: [...networksOf(env.PROBE_NETWORKS), ...(demo ? [DEMO_NETWORK] : [])],
    probeCanaries: canariesOf(env.PROBE_CANARIES),
    credentialsKey: env.CREDENTIALS_KEY === undefined ? undefined : keyOf(env.CREDENTIALS_KEY),
  }
}

const listOf = (text = '') =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function networksOf(text: string | undefined): string[] {
  const networks = listOf(text)
  const wrong = networks.find((network) => !ipaddr.isValidCIDR(network))
  if (wrong !== undefined)
    throw new StartupError(
      `PROBE_NETWORKS: "${wrong}" is no network: expected CIDRs such as 10.20.0.0/16,203.0.113.7/32.`,
    )
  return networks
}

function canariesOf(text: string | undefined): string[] {
  const canaries = listOf(text)
  const wrong = canaries.find((canary) => !/^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i.test(canary))
  if (wrong !== undefined)
    throw new StartupError(`PROBE_CANARIES: "${wrong}" is no host:port such as 10.20.0.1:53.`)
  return canaries
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text, /^[\da-f]{64}$/i.test(text) ? 'hex' : 'base64')
  if (key.length !== 32)
    throw new StartupError(
      'CREDENTIALS_KEY must be 32 bytes, as 64 hexadecimal digits or base64: `openssl rand -hex 32` makes one.',
    )
  return key
}

/** "true" means a proxy on this machine; else addresses or networks, separated by commas. */
function proxiesOf(text: string): false | string[] {
  if (text === 'false') return false
  if (text === 'true') return ['loopback']
  const proxies = text.split(',').map((part) => part.trim())
  const wrong = proxies.find((proxy) => isIP(proxy.split('/')[0] ?? '') === 0)
  if (wrong !== undefined)
    throw new StartupError(
      `TRUST_PROXY: "${wrong}" is no address: expected true (a proxy on this machine), false, or addresses such as 10.0.0.5 or 10.0.0.0/8.`,
    )
  return proxies
}

/** What a key takes, in words: its choices, its range, or the form of its address. */
function expectedOf(key: string): string {
  const schema = (Environment.properties as Record<string, unknown>)[key]
  const parts = [schema].flatMap(function unfold(part: unknown): Record<string, unknown>[] {
    const one = part as Record<string, unknown> & { anyOf?: unknown[] }
    return one?.anyOf === undefined ? [one ?? {}] : one.anyOf.flatMap(unfold)
  })
  const choices = parts.flatMap((part) => ('const' in part ? [String(part.const)] : []))
  if (choices.length > 0) return `one of ${choices.join(', ')}`
  const { minimum, maximum, pattern, type } = parts[0] ?? {}
  if (minimum !== undefined) return `a whole number from ${String(minimum)} to ${String(maximum)}`
  return pattern === undefined ? `a ${String(type)}` : `text that fits ${String(pattern)}`
}
