import { performance } from 'node:perf_hooks'
import type { Target } from '../targets.ts'
import { ProbeFault } from '../types.ts'
import type { Connections } from './connections.ts'
import { NoPing, type Pinger } from './ping.ts'
import { touch } from './socket.ts'

/** Almost every device answers there, were it by refusing. */
const ANY_PORT = 80

/** Each place once, however many targets are there. */
export function distinct(targets: readonly Target[]): Target[] {
  return targets.filter(
    (target, index) =>
      targets.findIndex(({ host, port }) => host === target.host && port === target.port) === index,
  )
}

/**
 * Round trip to a host, ms: by ICMP, and where that cannot be sent by a TCP connection. A refused one is an answer, too:
 * somebody is there. Throws a ProbeFault.
 */
export async function pingHost(
  connections: Connections,
  pinger: Pinger,
  host: string,
  limitMs: number,
): Promise<number> {
  const { address } = await connections.resolve(host)
  try {
    return await pinger.ping(address, limitMs, connections.scope)
  } catch (error) {
    if (!(error instanceof NoPing)) throw error
  }
  const begun = performance.now()
  try {
    await touch(address, ANY_PORT, connections.scope)
  } catch (error) {
    if (!(error instanceof ProbeFault) || error.fault !== 'refused') throw error
  }
  return performance.now() - begun
}
