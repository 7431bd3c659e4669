import { performance } from 'node:perf_hooks'
import type { Targets } from '#contract/cameras.ts'
import { parseTarget, type Target, type TargetKind } from '../targets.ts'
import { ProbeFault, type Credentials } from '../types.ts'
import type { Connections } from './connections.ts'
import { NoPing, type Pinger } from './ping.ts'
import { connect, keyOf } from './socket.ts'

const CONNECTED: TargetKind[] = ['tcp', 'rtsp', 'http', 'hls', 'onvif', 'snapshot']
/** Almost every device answers there, were it by refusing. */
const ANY_PORT = 80

/** Where a camera takes connections, each place once. */
export function endpointsOf(targets: Targets, credentials: Credentials | null): Target[] {
  const endpoints = new Map<string, Target>()
  for (const kind of CONNECTED) {
    const target = targets[kind] === undefined ? null : parseTarget(kind, targets[kind], credentials)
    if (target !== null && !endpoints.has(keyOf(target))) endpoints.set(keyOf(target), target)
  }
  return [...endpoints.values()]
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
    await connect(address, ANY_PORT, connections.scope)
  } catch (error) {
    if (!(error instanceof ProbeFault) || error.fault !== 'refused') throw error
  }
  return performance.now() - begun
}
