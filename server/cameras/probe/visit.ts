import type { SecureContext } from 'node:tls'
import type { Layer } from '#contract/camera.ts'
import { Connections } from './layers/connections.ts'
import { fetchNewest, fetchPlaylist, follow, mediaOf, type Listing } from './layers/hls.ts'
import { askHttp, Web } from './layers/http.ts'
import { distinct, pingHost } from './layers/network.ts'
import { askOnvif } from './layers/onvif.ts'
import type { Pinger } from './layers/ping.ts'
import { describeRtsp, playRtsp, type Described } from './layers/rtsp.ts'
import { Scope, type Limit } from './layers/scope.ts'
import { parseTarget, type Target, type TargetKind } from './targets.ts'
import { ProbeFault, type Allowed, type Finding, type Probed, type StreamMemory } from './types.ts'

/** What one layer saw of a camera that answered. */
export interface Seen {
  /** of its first answer, ms */
  latencyMs: number | null
  degraded: Omit<Finding, 'layer'> | null
}
export interface VisitDeps {
  allowed: Allowed
  now(): number
  trust?: SecureContext
  pinger: Pinger
}
const WEB: TargetKind[] = ['http', 'hls', 'snapshot', 'onvif']
/** What the layers above the network ask, and what takes connections beside it. */
const ASKED: TargetKind[] = ['rtsp', 'http', 'hls', 'onvif']
const ONLY_CONNECTED: TargetKind[] = ['tcp', 'snapshot']

/** One visit to one camera: what a layer found out serves the next one. */
export class Visit {
  memory: StreamMemory
  readonly #probed: Probed
  readonly #deps: VisitDeps
  readonly #scope = new Scope()
  readonly #connections: Connections
  readonly #targets: Partial<Record<TargetKind, Target | null>> = {}
  #web: Web | undefined
  #described: Described | undefined
  #listing: Listing | undefined

  constructor(probed: Probed, memory: StreamMemory, deps: VisitDeps) {
    this.memory = memory
    this.#probed = probed
    this.#deps = deps
    this.#connections = new Connections({
      scope: this.#scope,
      allowed: deps.allowed,
      trust: deps.trust,
      now: deps.now,
    })
  }

  /** Asks one layer, all its targets beside each other. Throws what the first of them that fails says. */
  async ask(layer: Layer): Promise<Seen> {
    const answers = await Promise.all(this.#questions(layer))
    const latencies = answers.flatMap(({ latencyMs }) => latencyMs ?? [])
    return {
      latencyMs: latencies.length === 0 ? null : Math.min(...latencies),
      degraded: answers.find(({ degraded }) => degraded !== null)?.degraded ?? this.#expiring(layer),
    }
  }

  /** Closes all that the visit opened; a second time does nothing. */
  close(): void {
    this.#scope.close()
  }

  #questions(layer: Layer): Promise<Seen>[] {
    switch (layer) {
      case 'network':
        return [...this.#ping(), ...this.#connect()]
      case 'protocol':
        return [...this.#describe(), ...this.#http(), ...this.#list(), ...this.#onvif()]
      case 'stream':
        return [...this.#play(), ...this.#watch()]
      case 'picture':
        return []
    }
  }

  #ping(): Promise<Seen>[] {
    return this.#with('ping', async ({ host }) => {
      const { pinger } = this.#deps
      return seen(await pingHost(this.#connections, pinger, host, this.#probed.settings.timeoutMs))
    })
  }

  #connect(): Promise<Seen>[] {
    const { layers, timeoutMs } = this.#probed.settings
    const goesOn = layers.includes('protocol') || layers.includes('stream')
    const asked = ASKED.flatMap((kind) => this.#target(kind) ?? [])
    const others = ONLY_CONNECTED.flatMap((kind) => this.#target(kind) ?? [])
    return distinct([...asked, ...others]).map((place) =>
      this.#scope.within(timeoutMs, async () =>
        seen(await this.#connections.reach(place, goesOn && asked.includes(place))),
      ),
    )
  }

  #describe(): Promise<Seen>[] {
    return this.#with('rtsp', async (target, limit) =>
      seen((await this.#description(target, limit)).latencyMs),
    )
  }

  #play(): Promise<Seen>[] {
    const played = this.#with('rtsp', async (target, limit) => {
      const described = await this.#description(target, limit)
      await playRtsp(described, limit)
      return seen(described.latencyMs)
    })
    // Beside the limit: who played and is slow to say goodbye is not at fault.
    return played.map(async (one) => {
      const what = await one
      await this.#described?.session.close()
      return what
    })
  }

  async #description(target: Target, limit: Limit): Promise<Described> {
    if (this.#described === undefined) {
      this.#described = await describeRtsp(this.#connections, target, this.#probed.credentials, limit)
      this.#scope.own(this.#described.session)
    }
    return this.#described
  }

  #http(): Promise<Seen>[] {
    return this.#with('http', async (target, limit) => seen(await askHttp(this.#asker(), target, limit)))
  }

  #onvif(): Promise<Seen>[] {
    return this.#with('onvif', async (target, limit) => {
      const { offSeconds, latencyMs } = await askOnvif(this.#asker(), target, limit, this.#deps.now)
      const most = this.#probed.settings.clockDriftSeconds
      const off = most > 0 && offSeconds !== null && Math.abs(offSeconds) > most
      return seen(latencyMs, off ? { fault: 'clock-drift', detail: `${offSeconds} s` } : null)
    })
  }

  #list(): Promise<Seen>[] {
    return this.#with('hls', async (target, limit) => seen((await this.#playlist(target, limit)).latencyMs))
  }

  #watch(): Promise<Seen>[] {
    return this.#with('hls', async (target, limit) => {
      const listing = await this.#playlist(target, limit)
      const media = await mediaOf(this.#asker(), listing, limit)
      const progress = follow(media.playlist, this.memory, this.#deps.now())
      this.memory = progress.memory
      if (progress.stuck !== null) throw new ProbeFault('stuck', progress.stuck)
      await fetchNewest(this.#asker(), media, limit)
      return seen(
        listing.latencyMs,
        progress.late === null ? null : { fault: 'stuck', detail: progress.late },
      )
    })
  }

  async #playlist(target: Target, limit: Limit): Promise<Listing> {
    this.#listing ??= await fetchPlaylist(this.#asker(), target, limit)
    return this.#listing
  }

  /** Runs a question of a target within the limit, where there is such a target. */
  #with(kind: TargetKind, question: (target: Target, limit: Limit) => Promise<Seen>): Promise<Seen>[] {
    if (this.#probed.targets[kind] === undefined) return []
    return [
      this.#scope.within(this.#probed.settings.timeoutMs, async (limit) => {
        const target = this.#target(kind)
        if (target === null) throw new ProbeFault('not-allowed', `no ${kind} address`)
        return question(target, limit)
      }),
    ]
  }

  /** Each address is read once. */
  #target(kind: TargetKind): Target | null {
    const address = this.#probed.targets[kind]
    if (address === undefined) return null
    const known = this.#targets[kind]
    if (known !== undefined) return known
    return (this.#targets[kind] = parseTarget(kind, address, this.#probed.credentials))
  }

  #asker(): Web {
    this.#web ??= new Web({
      connections: this.#connections,
      credentials: this.#probed.credentials,
      hosts: new Set(WEB.flatMap((kind) => this.#target(kind)?.host ?? [])),
      referer: this.#probed.targets.referer,
      cookieFrom: this.#target('cookieFrom'),
    })
    return this.#web
  }

  #expiring(layer: Layer): Seen['degraded'] {
    const { expiring } = this.#connections
    return layer === 'protocol' && expiring !== null ? { fault: 'tls-expiring', detail: expiring } : null
  }
}

const seen = (latencyMs: number | null, degraded: Seen['degraded'] = null): Seen => ({ latencyMs, degraded })
