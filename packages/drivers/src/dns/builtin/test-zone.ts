import type { Zone, ZoneRecord } from '../driver.ts'

/** A zone for tests; each line is name, type and data, as in a zone file, with `@` for the zone itself. */
export function testZone(name: string, lines: string, serial = 1): Zone {
  const records: ZoneRecord[] = []
  for (const line of lines.trim().split('\n')) {
    const [owner = '@', type = 'A', ...data] = line.trim().split(/ +/)
    const full = owner === '@' ? name : `${owner}.${name}`
    // Tests write only types that there are.
    records.push({ name: full, type: type as ZoneRecord['type'], ttlSeconds: 300, data: data.join(' ') })
  }
  return {
    name,
    serial,
    primary: `ns1.${name}`,
    mailbox: `hostmaster.${name}`,
    soaTtlSeconds: 3600,
    refreshSeconds: 7200,
    retrySeconds: 1800,
    expireSeconds: 1_209_600,
    minimumSeconds: 60,
    records,
  }
}
