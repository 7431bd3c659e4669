import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { cameraAnswers } from './camera-answers.ts'
import { conductsAt, WORKING, type Conduct } from './conduct.ts'
import { GATEWAY, type DemoNetwork } from './network.ts'
import { failedSwitchesAt, type DemoCamera } from './outages.ts'
import { listening, Place } from './place.ts'

/** How often the listeners follow the clock, ms. */
const TICK_MS = 1_000

export interface StandInOptions {
  network: DemoNetwork
  cameras: readonly DemoCamera[]
  seed: number
  clock: () => Date
  /** the port of an earlier start, so that addresses stay what they were; another one where it is taken */
  port?: number | undefined
  /** told where a listener could not follow; it is tried again with the next tick */
  onFault: (error: unknown) => void
}
export interface StandIns {
  /** the one port at which all of them listen */
  port: number
  /** host:port of what answers as long as they run */
  canary: string
  /** has them behave as they do at this moment; a tick does it each second */
  follow(): Promise<void>
  close(): Promise<void>
}

/**
 * Stands in for the cameras and switches of the demo: each listens on a loopback address of its own while it works, and
 * fails in its own way while it does not. Rejects with EADDRNOTAVAIL where the machine has no such addresses: only
 * Linux has all of 127.0.0.0/8.
 */
export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const { network, clock, onFault } = options
  const answer = await cameraAnswers(clock)
  const http = createServer((request, response) => {
    const place = places.get(request.socket.localAddress ?? '')
    const { streamId = null, conduct = WORKING } = place ?? {}
    answer(streamId === null ? null : { streamId, conduct }, request, response).catch((error: unknown) => {
      onFault(error)
      response.destroy()
    })
  })
  const answerAt = { answer: (socket: Socket) => void http.emit('connection', socket), onFault }
  const placeAt = (address: string | null, streamId: string | null): [string, Place][] =>
    address === null ? [] : [[address, new Place(address, streamId, answerAt)]]
  const places = new Map([
    ...network.cameras.flatMap(({ address, streamId }) => placeAt(address, streamId)),
    ...network.nodes.flatMap(({ address }) => placeAt(address, null)),
  ])
  const port = await listenAtGateway(http, options.port)
  http.on('error', onFault)

  const followNow = async () => {
    const conductOf = conductsNow(options)
    const moves = [...places.values()].map(async (place) => {
      const conduct = conductOf(place)
      const { behaviour, since } = place.conduct ?? {}
      if (behaviour !== conduct.behaviour || since !== conduct.since) await place.behave(conduct, port)
    })
    const failed = (await Promise.allSettled(moves)).find(({ status }) => status === 'rejected')
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
  }
  let following: Promise<void> | undefined
  const follow = () => (following ??= followNow().finally(() => (following = undefined)))
  await follow()
  const timer = setInterval(() => void follow().catch(onFault), TICK_MS)

  return {
    port,
    canary: `${GATEWAY}:${port}`,
    follow,
    close: async () => {
      clearInterval(timer)
      await following?.catch(onFault)
      await Promise.all([...places.values()].map((place) => place.close()))
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
  }
}

/** How everything behaves at this moment. */
function conductsNow({ seed, cameras, network, clock }: StandInOptions): (place: Place) => Conduct {
  const now = clock()
  const conducts = conductsAt(seed, cameras, now)
  const failed = new Map(failedSwitchesAt(seed, cameras, now).map(({ number, from }) => [number, from]))
  const dark = new Map(
    network.nodes.flatMap(({ address, number }) => {
      const since = number === null ? undefined : failed.get(number)
      return address === null || since === undefined ? [] : [[address, since] as const]
    }),
  )
  return ({ address, streamId }) => {
    if (streamId !== null) return conducts.get(streamId) ?? WORKING
    const since = dark.get(address)
    return since === undefined ? WORKING : { behaviour: 'refusing', since }
  }
}

async function listenAtGateway(http: ReturnType<typeof createServer>, wanted = 0): Promise<number> {
  try {
    await listening(http, GATEWAY, wanted)
  } catch (error) {
    const taken = wanted !== 0 && error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken) throw error
    await listening(http, GATEWAY, 0)
  }
  return (http.address() as AddressInfo).port
}
