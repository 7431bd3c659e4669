import ipaddr from 'ipaddr.js'

/** The neighbourhood of an address in CIDR: its /24, or its /64 of IPv6; null where it is no address. */
export function subnetOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  const bits = parsed.kind() === 'ipv4' ? 24 : 64
  const cidr = `${parsed.toString()}/${bits}`
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
      : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  return `${network.toString()}/${bits}`
}
