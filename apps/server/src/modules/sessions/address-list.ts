import ipaddr from 'ipaddr.js'
import { badField } from '../../refusal.ts'

/** Networks something may be used from; an empty list means from everywhere. */
export type AddressList = readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]

/** The canonical text of an address or CIDR, `192.0.2.0/24`; undefined if it is neither. */
export function canonicalNetwork(text: string): string | undefined {
  const network = parseNetwork(text.trim())
  if (network === undefined) return undefined
  const [address, bits] = network
  const cidr = `${address.toString()}/${bits}`
  const first =
    address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  return `${first.toString()}/${bits}`
}

/** Networks as clients list them, in canonical form and each once. */
export function readNetworks(sent: readonly string[]): string[] {
  const networks = sent.map(text => {
    const network = canonicalNetwork(text)
    if (network === undefined) throw badField('allowed_addresses', 'field_format_error')
    return network
  })
  return [...new Set(networks)]
}

/** Reads stored texts. One that cannot be read allows nobody, so a damaged list never opens an account. */
export function addressList(texts: readonly string[]): AddressList {
  return texts.map(text => parseNetwork(text) ?? [ipaddr.IPv4.parse('0.0.0.0'), 32])
}

export function allows(list: AddressList, address: string): boolean {
  if (list.length === 0) return true
  if (!ipaddr.isValid(address)) return false
  const from = ipaddr.process(address) // ::ffff:192.0.2.1 is 192.0.2.1 (RFC 4291 section 2.5.5.2)
  return list.some(([network, bits]) => network.kind() === from.kind() && from.match([network, bits]))
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  // inet_aton forms (10.1, 0x7f.1) mean different addresses to different readers, so only full ones are taken.
  const [address = '', prefix] = text.split('/')
  if (!address.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined
  if (address.includes('%') || !ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.parse(address)
  const width = parsed.kind() === 'ipv4' ? 32 : 128
  const bits = prefix === undefined ? width : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (!(bits <= width) || text.split('/').length > 2) return undefined
  const simple = ipaddr.process(address)
  if (simple.kind() === parsed.kind()) return [parsed, bits]
  return bits >= 96 ? [simple, bits - 96] : undefined
}
