import type { Zone } from '../driver.ts'
import type { RecordSet, SetChange } from './forms.ts'
import { powerDnsData } from './record-data.ts'

/** The record sets of a zone by what they are, each as one text that is equal for equal sets: cheap to keep and compare. */
export type ZoneState = ReadonlyMap<string, string>

export function powerDnsName(name: string): string {
  return `${name}.`
}

/** All record sets of a zone as PowerDNS takes them, the SOA among them. */
export function recordSets(zone: Zone): RecordSet[] {
  const apex = powerDnsName(zone.name)
  const { serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds } = zone
  const numbers = [serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds].join(' ')
  const soa = `${powerDnsName(zone.primary)} ${powerDnsName(zone.mailbox)} ${numbers}`
  const drafts = new Map<string, { name: string; type: string; ttl: number; contents: Set<string> }>()
  drafts.set(keyOf(apex, 'SOA'), { name: apex, type: 'SOA', ttl: zone.soaTtlSeconds, contents: new Set([soa]) })
  for (const record of zone.records) {
    const name = powerDnsName(record.name)
    const key = keyOf(name, record.type)
    const content = powerDnsData(record)
    const draft = drafts.get(key)
    if (draft === undefined) {
      drafts.set(key, { name, type: record.type, ttl: record.ttlSeconds, contents: new Set([content]) })
    } else {
      // One set has one TTL (RFC 2181 §5.2) and no record twice (§5).
      draft.ttl = Math.min(draft.ttl, record.ttlSeconds)
      draft.contents.add(content)
    }
  }
  return [...drafts.values()].map(({ name, type, ttl, contents }) => ({
    name,
    type,
    ttl,
    records: [...contents].map(content => ({ content, disabled: false })),
  }))
}

export function stateOf(sets: readonly RecordSet[]): ZoneState {
  return new Map(sets.map(set => [keyOf(set.name, set.type), textOf(set)]))
}

/** What turns a zone from one state into these sets; empty if it is there already. */
export function changesBetween(state: ZoneState, wanted: readonly RecordSet[]): SetChange[] {
  const changes: SetChange[] = []
  const keys = new Set<string>()
  for (const set of wanted) {
    const key = keyOf(set.name, set.type)
    keys.add(key)
    if (state.get(key) !== textOf(set)) changes.push({ ...set, changetype: 'REPLACE' })
  }
  const gone: SetChange[] = []
  for (const key of state.keys()) {
    const [name = '', type = ''] = key.split(' ')
    if (!keys.has(key)) gone.push({ name, type, changetype: 'DELETE' })
  }
  // PowerDNS takes a CNAME in the place of other sets only after they are gone.
  return [...gone, ...changes]
}

function keyOf(name: string, type: string): string {
  return `${name} ${type}`
}

function textOf({ ttl, records }: RecordSet): string {
  const texts = records.map(({ content, disabled }) => (disabled ? `disabled ${content}` : content))
  return [ttl, ...texts.sort()].join('\n')
}
