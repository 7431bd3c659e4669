import { lookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { ProbeFault, type Allowed } from './types.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [address: Address, bits: number]
/** All addresses of a name. Rejects where it has none. */
export type LookUp = (name: string, signal: AbortSignal) => Promise<string[]>

/**
 * Allows what lies in the networks given as CIDRs, and nothing else. A name has to lie inside with every address that
 * it has: one that leads inside and elsewhere is refused. Throws where a CIDR is none.
 */
export function allowedNetworks(cidrs: readonly string[], lookUp: LookUp = lookUpName): Allowed {
  const networks = cidrs.map(networkOf)
  const inside = (address: string) => {
    const parsed = ipaddr.process(address)
    return networks.some((network) => parsed.kind() === network[0].kind() && parsed.match(network))
  }
  return {
    async resolve(host, signal) {
      const addresses = isIP(host) === 0 ? await addressesOf(host, signal, lookUp) : [host]
      if (!addresses.every(inside)) throw new ProbeFault('not-allowed')
      // Most cameras speak IPv4 only, whatever a name server says of them.
      const address = addresses.find((each) => isIP(each) === 4) ?? (addresses[0] as string)
      return { address, family: isIP(address) === 4 ? 4 : 6 }
    },
  }
}

/** An IPv4 network that is written as an IPv6 one is that IPv4 network. */
function networkOf(cidr: string): Network {
  const [address, bits] = ipaddr.parseCIDR(cidr)
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
    ? [address.toIPv4Address(), bits - 96]
    : [address, bits]
}

async function addressesOf(name: string, signal: AbortSignal, lookUp: LookUp): Promise<string[]> {
  try {
    const addresses = await lookUp(name, signal)
    if (addresses.length > 0) return addresses
  } catch (error) {
    throw new ProbeFault('dns', codeOf(error))
  }
  throw new ProbeFault('dns')
}

/**
 * Asks DNS by a resolver that holds no thread while it waits: the system's own resolver shares four threads with files
 * and passwords, and a few dead names would stop those. Only where DNS answers that it knows no such name is the
 * system asked, which knows the hosts file, too.
 */
async function lookUpName(name: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (addresses.length > 0) return addresses
    const codes = answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : ''))
    const silent = codes.find((code) => code === 'ETIMEOUT' || code === 'ECANCELLED')
    if (silent !== undefined) throw new ProbeFault('dns', silent)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  return new Promise((resolve, reject) =>
    lookup(name, { all: true }, (error, found) =>
      error === null ? resolve(found.map(({ address }) => address)) : reject(error),
    ),
  )
}

const codeOf = (error: unknown): string => {
  if (error instanceof ProbeFault) return error.detail
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
