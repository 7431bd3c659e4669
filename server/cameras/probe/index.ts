import type { Context } from '../../context.ts'
import { defineFeed, findFeed, recordRun } from '../../ingest/feeds-store.ts'
import { plannedCameras } from '../maintenance/index.ts'
import { allowedNetworks } from './allowed.ts'
import { check } from './check.ts'
import { Ffmpeg } from './picture/index.ts'
import { PictureRhythm } from './picture-rhythm.ts'
import type { Planned } from './plan-store.ts'
import { Prober } from './prober.ts'
import { open, SecretError } from './secrets.ts'
import type { Allowed, Credentials } from './types.ts'

export { withoutUplink } from './instances-store.ts'
export { Prober, type ProberFigures } from './prober.ts'

const FEED = 'probe'
const RUN_MS = 60_000

export interface RunningProber {
  prober: Prober
  stop(): Promise<void>
}

/** Starts to check this instance's share of the cameras. What it finds is a feed of its own, with a run each minute. */
export async function startProber(
  context: Context,
  options: { allowed?: Allowed } = {},
): Promise<RunningProber> {
  const { pool, bus, log, clock, config, pack } = context
  await defineFeed(pool, {
    id: FEED,
    domain: 'cameras',
    mode: 'pull',
    kind: 'probe',
    title: 'Pemeriksaan sendiri',
    source: 'Pantau Kota',
    demo: config.demo,
    priority: 90,
  })
  const feed = await findFeed(pool, FEED)
  if (feed === undefined) throw new Error('the feed that stands for the prober is not there')
  const allowed = options.allowed ?? allowedNetworks(config.probeNetworks)
  const now = () => clock().getTime()
  const ending = new AbortController()
  const prober = new Prober({
    pool,
    bus,
    log,
    clock,
    feed: feed.number,
    canaries: config.probeCanaries,
    probedOf: (planned) => ({
      targets: planned.targets,
      settings: planned.settings,
      credentials: credentialsOf(planned, context),
    }),
    check: (probed, memory) => check(probed, memory, { allowed, now, signal: ending.signal }),
    pictures: new PictureRhythm(pool, log, {
      allowed,
      now,
      ffmpeg: new Ffmpeg(),
      onMissing: () =>
        log.warn('ffmpeg is not installed: only cameras with a snapshot have their pictures looked at'),
    }),
    planned: () => plannedCameras(pool, pack, clock()),
  })
  await prober.start()

  let counted = { checks: 0, changes: 0 }
  let begun = clock()
  const record = async () => {
    const { checks, changes } = prober.figures()
    const [startedAt, before] = [begun, counted]
    begun = clock()
    counted = { checks, changes }
    const received = checks - before.checks
    const accepted = Math.min(received, changes - before.changes)
    await recordRun(pool, FEED, {
      startedAt,
      tookMs: 0,
      outcome: 'ok',
      push: true,
      received,
      accepted,
      unchanged: received - accepted,
      duplicate: 0,
      notReported: 0,
      rejected: 0,
    })
  }
  const recording = setInterval(() => {
    record().catch((error: unknown) => log.warn({ err: error }, "the prober's run could not be recorded"))
  }, RUN_MS)
  await record()
  return {
    prober,
    stop: async () => {
      clearInterval(recording)
      ending.abort()
      await prober.close()
    },
  }
}

/** Sealed credentials are opened for each check and kept nowhere; what cannot be opened is as if it were not there. */
function credentialsOf({ id, secret }: Planned, { config, log }: Context): Credentials | null {
  if (secret === null || config.credentialsKey === undefined) return null
  try {
    return open(config.credentialsKey, id, secret)
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    log.warn({ camera: id, why: error.kind }, 'the credentials of a camera cannot be opened: set them again')
    return null
  }
}
