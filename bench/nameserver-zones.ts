import type { Zone } from '@innkeeper/drivers'

/** Zones like those of customers: two name servers, a web address, an alias and mail. Always the same for the same number. */
export function* sampleZones(zoneCount: number, recordsPerZone: number): Generator<Zone> {
  for (let index = 0; index < zoneCount; index++) yield sampleZone(zoneName(index), recordsPerZone)
}

/** As long for the first zone as for the last: what a question's length costs is not what is measured. */
export function zoneName(index: number): string {
  return `customer-${index.toString(36).padStart(5, '0')}.example`
}

export function sampleZone(name: string, recordCount: number, serial = 1): Zone {
  const records: Zone['records'][number][] = [
    { name, type: 'NS', ttlSeconds: 86_400, data: 'ns1.provider.example.' },
    { name, type: 'NS', ttlSeconds: 86_400, data: 'ns2.provider.example.' },
    { name, type: 'A', ttlSeconds: 3600, data: '192.0.2.10' },
    { name, type: 'MX', ttlSeconds: 3600, data: `10 mail.${name}.` },
    { name: `mail.${name}`, type: 'A', ttlSeconds: 3600, data: '192.0.2.20' },
    { name: `www.${name}`, type: 'CNAME', ttlSeconds: 3600, data: `${name}.` },
    { name, type: 'TXT', ttlSeconds: 3600, data: '"v=spf1 mx -all"' },
  ]
  for (let index = records.length; index < recordCount; index++) {
    records.push({ name: `host-${index}.${name}`, type: 'A', ttlSeconds: 3600, data: `198.51.100.${index % 256}` })
  }
  return {
    name,
    serial,
    primary: 'ns1.provider.example',
    mailbox: 'hostmaster.provider.example',
    soaTtlSeconds: 3600,
    refreshSeconds: 10_800,
    retrySeconds: 3600,
    expireSeconds: 604_800,
    minimumSeconds: 300,
    records: records.slice(0, recordCount),
  }
}

/** Lines for dnsperf: of each zone the web address, alias, mail and one name that does not exist, in random order. */
export function sampleQuestions(zoneCount: number, lines: number): string {
  let seed = 42
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const forms = ['@ A', '@ A', 'www.@ A', 'www.@ A', 'mail.@ A', '@ MX', '@ NS', '@ TXT', '@ AAAA', 'absent.@ A']
  let text = ''
  for (let line = 0; line < lines; line++) {
    text += `${(forms[random(forms.length)] ?? '@ A').replace('@', zoneName(random(zoneCount)))}\n`
  }
  return text
}
