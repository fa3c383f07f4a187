import type { ZoneRecord } from '../driver.ts'

/**
 * Record data as PowerDNS writes them. Its API takes nothing else: a content that means the same but is written another way
 * is refused as "not in expected format".
 */
export function powerDnsData({ type, data }: Pick<ZoneRecord, 'type' | 'data'>): string {
  if (type === 'AAAA') return data.replace(/^::ffff:(\d+)\.(\d+)\.(\d+)\.(\d+)$/, mapped)
  if (type === 'SVCB' || type === 'HTTPS') return parameters(data)
  if (type === 'LOC') return location(data)
  return data
}

/** It does not know the dotted form of RFC 5952 §5. */
function mapped(_: string, ...octets: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number)
  return `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

/** In canonical data no space stands inside quotes until the last step, so that parameters can be told apart by theirs. */
function parameters(data: string): string {
  return data
    .replace(/(\skey\d+)(?=\s|$)/g, '$1=""')
    .replace(/(\s(?:mandatory|alpn)=)"([^"]*)"/g, '$1$2')
    .replace(/\\(?:\d{3}|.)/g, escaped => (escaped === '\\032' ? ' ' : escaped))
}

/** Metres with two decimals; and to PowerDNS the equator lies in the south, Greenwich in the west. */
function location(data: string): string {
  return data
    .replace(/(-?\d+)(?:\.(\d{1,2}))?m/g, (_, metres: string, part = '') => `${metres}.${part.padEnd(2, '0')}m`)
    .replace(/^0 0 0\.000 N/, '0 0 0.000 S')
    .replace(/([NS]) 0 0 0\.000 E/, '$1 0 0 0.000 W')
}
