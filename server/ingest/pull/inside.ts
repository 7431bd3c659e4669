import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { DownloadError } from './download-error.ts'

/** Addresses inside this machine or its network: a redirect is no way to reach them. */
const inside = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of [
  ['::', 127],
  // what stands for an IPv4 address behind a translator may be an inside one
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(address, bits, 'ipv6')

export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return inside.check(mapped, isIP(mapped) === 6 ? 'ipv6' : 'ipv4')
}

const refusal = (host: string) =>
  new DownloadError(
    'refused-host',
    `a redirect leads to ${host}, an address inside this machine or its network`,
  )

/** Refuses an address inside this machine or its network that stands in the URL itself. */
export function refusePrivateLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isInside(host)) throw refusal(url.host)
}

/** Looks a name up, and refuses it where any of its addresses is inside this machine or its network. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 4)
    const [first] = addresses
    if (first === undefined || addresses.some(({ address }) => isInside(address)))
      return callback(refusal(hostname), '', 4)
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}
