import {
  type Finding,
  type ParsedRecord,
  parseRecord,
  type RecordInput,
  type StoredRecord,
  type ZoneEntry,
} from '@innkeeper/drivers'
import type { DnsConfig } from '../../config.ts'
import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'
import { refusalOf } from './problems.ts'
import type { ExpectedZone } from './zone-indexes.ts'

/** A zone by which changes of its records are judged. */
export type JudgedZone = Pick<ExpectedZone, 'name' | 'index'>

/** The fields of a record as a client sent them. */
export interface SentRecord {
  readonly name?: string
  readonly type?: string
  readonly ttl?: number
  readonly priority?: number
  readonly content?: RecordInput['content']
}

/** A record as it stands in the table after a change. */
export interface WrittenRecord {
  readonly id: string
  readonly zoneName: string
  readonly record: StoredRecord
}

/** What happens to the records of one zone in one change. */
export interface RecordChange {
  readonly remove: string[]
  readonly add: ZoneEntry[]
}

export function mustParse(parsed: ParsedRecord): StoredRecord {
  if (parsed.ok) return parsed.record
  throw refusalOf(parsed.findings)
}

export function parseNew(config: DnsConfig, zone: JudgedZone, sent: SentRecord): StoredRecord {
  return mustParse(
    parseRecord(
      {
        zone: zone.name,
        name: sent.name ?? '',
        type: sent.type ?? '',
        ttlSeconds: sent.ttl,
        priority: sent.priority,
        content: sent.content ?? '',
      },
      config,
    ),
  )
}

/** The stored record with what was sent in its place. */
export function parseMerged(config: DnsConfig, zone: JudgedZone, stored: StoredRecord, sent: SentRecord): StoredRecord {
  const input = {
    zone: zone.name,
    name: sent.name ?? stored.name,
    type: sent.type ?? stored.type,
    ttlSeconds: sent.ttl ?? stored.ttlSeconds,
    content: sent.content ?? stored.content,
  }
  // Content may bring its own priority (`10 mail.example.net`); only where it brings none the stored one stays.
  const alone = parseRecord({ ...input, priority: sent.priority }, config)
  if (alone.ok || sent.priority !== undefined) return mustParse(alone)
  return mustParse(parseRecord({ ...input, priority: stored.priority }, config))
}

/**
 * Putting a record in its place: the others of its set take its TTL (RFC 2181 §5.2), and `before`, if given, goes.
 * The statements of record-store.ts do the same to the table.
 */
export function placing(zone: JudgedZone, record: ZoneEntry, before?: ZoneEntry): RecordChange {
  const retimed = zone.index
    .rrset(record.name, record.type)
    .filter(other => other.id !== record.id && other.ttlSeconds !== record.ttlSeconds)
  return {
    remove: [...retimed.map(other => other.id), ...(before === undefined ? [] : [before.id])],
    add: [...retimed.map(other => ({ ...other, ttlSeconds: record.ttlSeconds })), record],
  }
}

/** Refuses a change after which the zone as a whole would be wrong. */
export function mustFit(zone: JudgedZone, change: RecordChange): void {
  const findings: readonly Finding[] = zone.index.check(change)
  if (findings.length > 0) throw refusalOf(findings)
}

/** The outcome of judging by a zone that may have changed since: a refusal is none. */
export function judged<T>(judge: () => T): T | undefined {
  try {
    return judge()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Waits for the statement that writes a record; the unique index has the last word on whether the zone has it already. */
export function unlessThere<T>(statement: Promise<T>): Promise<T> {
  return unlessTaken(statement, 'dns_record_unique', () => new Refusal('conflict'))
}
