import { readFile } from 'node:fs/promises'
import cron from 'node-cron'
import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { closed } from '#contract/basic.ts'
import { StartupError } from '../../errors-startup.ts'
import { patienceSeconds } from './patience.ts'
import type { AnyFeed, ConfiguredPull } from './schedule.ts'

const LONGEST_HOLD = 86_400
const Seconds = (maximum: number) => Type.Integer({ minimum: 1, maximum })

/** One entry of FEEDS_FILE; docs/feeds.md shows examples. */
const Entry = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
    kind: Type.String(),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    source: Type.Optional(Type.String({ maxLength: 300 })),
    schedule: Type.String(),
    options: Type.Record(Type.String(), Type.Unknown()),
    /** left out, both: as long as a feed with such a schedule may well be silent */
    holdSeconds: Type.Optional(Seconds(LONGEST_HOLD)),
    staleSeconds: Type.Optional(Seconds(31 * 86_400)),
    timeoutSeconds: Type.Optional(Seconds(600)),
    maxBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 2 ** 28 })),
    jitterSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    enabled: Type.Optional(Type.Boolean()),
  },
  closed,
)
type Entry = Static<typeof Entry>

const TIMEOUT_SECONDS = 30
const MAX_BYTES = 8 * 1024 * 1024

/** Reads the file that FEEDS_FILE names. Throws a StartupError that names the entry, the field and what is expected. */
export async function readFeedsFile(
  path: string,
  kinds: Readonly<Record<string, AnyFeed>>,
): Promise<ConfiguredPull[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StartupError(`FEEDS_FILE ${path} can't be read: name a JSON file that this user may read.`, {
      cause,
    })
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new StartupError(`FEEDS_FILE ${path} is not JSON: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    })
  }
  return parseFeeds(content, kinds, path)
}

/** The same on content that was read already. */
export function parseFeeds(
  content: unknown,
  kinds: Readonly<Record<string, AnyFeed>>,
  path: string,
): ConfiguredPull[] {
  if (!Array.isArray(content))
    throw new StartupError(`${path}: expected a list of feeds, [{ "id": ... }, ...].`)
  const pulls: ConfiguredPull[] = []
  const met = new Map<string, number>()
  for (const [index, value] of content.entries()) {
    const entry = parseEntry(value, `${path}: feed ${index + 1}`)
    const where = `${path}: feed ${index + 1} (${entry.id})`
    const earlier = met.get(entry.id)
    if (earlier !== undefined)
      throw new StartupError(`${where}: id: feed ${earlier + 1} has the same; expected one of its own.`)
    met.set(entry.id, index)
    const pull = configure(entry, kinds, where)
    if (entry.enabled !== false) pulls.push(pull)
  }
  return pulls
}

function parseEntry(value: unknown, where: string): Entry {
  check(Entry, value, where)
  return value as Entry
}

function configure(entry: Entry, kinds: Readonly<Record<string, AnyFeed>>, where: string): ConfiguredPull {
  const feed = Object.hasOwn(kinds, entry.kind) ? kinds[entry.kind] : undefined
  if (feed === undefined)
    throw new StartupError(`${where}: kind: expected one of ${Object.keys(kinds).sort().join(', ')}.`)
  const cronFault = cron.validateDetailed(entry.schedule).errors[0]
  if (cronFault !== undefined)
    throw new StartupError(
      `${where}: schedule: ${cronFault.message}; expected a cron expression such as "*/30 * * * * *" or "0 9 * * *".`,
    )
  const options: unknown = Value.Default(feed.options, structuredClone(entry.options))
  check(feed.options, options, `${where}: options`)
  const patience = patienceSeconds(entry.schedule)
  return {
    id: entry.id,
    title: entry.title,
    source: entry.source ?? '',
    demo: false,
    feed,
    options,
    schedule: entry.schedule,
    jitterMs: (entry.jitterSeconds ?? 0) * 1000,
    timeoutMs: (entry.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
    maxBytes: entry.maxBytes ?? MAX_BYTES,
    runAtStart: true,
    holdSeconds: entry.holdSeconds ?? Math.min(patience, LONGEST_HOLD),
    staleSeconds: entry.staleSeconds ?? patience,
  }
}

function check(schema: TSchema, value: unknown, where: string): void {
  const [error] = Value.Errors(schema, value)
  if (error === undefined) return
  const { requiredProperties, allowedValues } = error.params as Record<string, unknown[] | undefined>
  const place = error.instancePath.slice(1).replaceAll('/', '.')
  const missing = requiredProperties?.[0]
  const field = [place, missing].filter((part) => part !== undefined && part !== '').join('.')
  throw new StartupError(
    `${where}: ${field === '' ? 'the entry' : field}: ${faultOf(error.message, missing, allowedValues)}.`,
  )
}

function faultOf(message: string, missing: unknown, allowed: unknown[] | undefined): string {
  if (missing !== undefined) return 'is missing'
  if (allowed !== undefined) return `must be one of ${allowed.join(', ')}`
  // what a closed object says of a key that it does not have
  return message === 'schema is false' ? 'is not known here' : message
}
