import ipaddr from 'ipaddr.js'

/** The neighbourhood of an address in CIDR: its /24, or its /64 of IPv6; null where it is no address. */
export function subnetOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  const kind = parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  const bits = parsed.kind() === 'ipv4' ? 24 : 64
  return `${kind.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`
}
