import type { SecureContext } from 'node:tls'
import { Connections } from '../layers/connections.ts'
import { Web } from '../layers/http.ts'
import type { Scope } from '../layers/scope.ts'
import { parseTarget, type Target, type TargetKind } from '../targets.ts'
import { ProbeFault, type Allowed, type Probed } from '../types.ts'

/** What asking a camera takes. */
export interface Reach {
  allowed: Allowed
  /** ms since 1970 */
  now(): number
  /** who is trusted beside the usual authorities */
  trust?: SecureContext
}
/** Where a camera is, and how one signs in. */
export type Place = Pick<Probed, 'targets' | 'credentials'>

/** The camera's own hosts: sign-in and cookie go to these and to nobody that an answer names. */
const WEB: TargetKind[] = ['http', 'hls', 'snapshot', 'onvif', 'whep', 'cookieFrom']

export const connectionsOf = ({ allowed, now, trust }: Reach, scope: Scope): Connections =>
  new Connections({ scope, allowed, now, trust })

/** HTTP of a camera, as its portal's own page would ask. All of it closes with the scope. */
export function webOf(place: Place, reach: Reach, scope: Scope, cookie?: string): Web {
  return new Web({
    connections: connectionsOf(reach, scope),
    credentials: place.credentials,
    hosts: new Set(WEB.flatMap((kind) => findTarget(kind, place)?.host ?? [])),
    referer: place.targets.referer,
    cookieFrom: findTarget('cookieFrom', place),
    cookie,
  })
}

/** Throws a ProbeFault where the camera has no such target, or none that can be read. */
export function targetOf(kind: TargetKind, place: Place): Target {
  const target = findTarget(kind, place)
  if (target === null) throw new ProbeFault('no-picture', `no ${kind} address`)
  return target
}

function findTarget(kind: TargetKind, { targets, credentials }: Place): Target | null {
  const address = targets[kind]
  return address === undefined ? null : parseTarget(kind, address, credentials)
}
