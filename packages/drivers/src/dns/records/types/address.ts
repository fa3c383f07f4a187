import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { oneWord, refuse, type TypeRule } from '../rule.ts'

/** RFC 1035 §3.4.1: four decimal octets; leading zeros are refused because some readers take them for octal. */
export const a: TypeRule = {
  parse({ content }) {
    const address = oneWord(content)
    if (address === undefined || !isIPv4(address)) {
      return refuse('ipv4', 'content', 'an A record holds an IPv4 address such as 192.0.2.1')
    }
    return { content: address }
  },
  present: record => record.content,
}

/** RFC 3596, canonical as RFC 5952 says. A zone id means something on one machine only, so it is refused. */
export const aaaa: TypeRule = {
  parse({ content }) {
    const address = oneWord(content)
    if (address === undefined || !isIPv6(address) || address.includes('%')) {
      return refuse('ipv6', 'content', 'an AAAA record holds an IPv6 address such as 2001:db8::1, without a zone id')
    }
    return { content: canonicalIPv6(address) }
  },
  present: record => record.content,
}

/** RFC 5952 §4; mapped addresses end in dotted decimals as §5 says. */
export function canonicalIPv6(text: string): string {
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? `::ffff:${address.toIPv4Address()}` : address.toRFC5952String()
}
