import type { Contract, ReplyOf } from '@innkeeper/contract'
import { presentData, relativeName, type StoredRecord } from '@innkeeper/drivers'
import type { DnsConfig } from '../../config.ts'
import { type PageRequest, pageOf } from '../../paging.ts'
import { soaFields } from './soa.ts'
import type { ListedRecord, ZoneSnapshot } from './zone.ts'

type ZoneReply = ReplyOf<Contract['dns']['getZone']>

/** A zone as the published documents show it. */
export function documentedZone(zone: ZoneSnapshot, request: PageRequest): ZoneReply {
  return {
    service_id: Number(zone.serviceId),
    name: zone.name,
    records: zone.records.map(record => ({
      id: record.id,
      name: relativeName(zone.name, record.name),
      type: record.type,
      content: record.content,
      ttl: record.ttlSeconds,
      priority: record.priority,
    })),
    ...pageOf(request, zone.recordCount),
  }
}

/** A zone as recorded traffic shows it: full names, every value a string, the SOA first among the records. */
export function recordedZone(zone: ZoneSnapshot, config: DnsConfig, request: PageRequest): ZoneReply {
  const records = zone.records.map(record => recordedRecord(zone.id, record))
  const listed = (request.page ?? 0) === 0 ? [recordedSoa(zone, config), ...records] : records
  return {
    service_id: zone.serviceId,
    name: zone.name,
    records: Object.fromEntries(listed.entries()),
    ...pageOf(request, zone.recordCount),
  }
}

function recordedRecord(zoneId: string, record: ListedRecord) {
  const priority = String(record.priority)
  return {
    id: record.id,
    domain_id: zoneId,
    name: record.name,
    type: record.type,
    content: recordedContent(record),
    ttl: String(record.ttlSeconds),
    prio: priority,
    change_date: record.changedAt,
    priority,
  }
}

/** As stored, but for TXT, which is in double quotes as a zone file has it. */
export function recordedContent(record: StoredRecord): string {
  return record.type === 'TXT' ? presentData(record) : record.content
}

function recordedSoa(zone: ZoneSnapshot, config: DnsConfig) {
  const soa = soaFields(config)
  const { primary, mailbox, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds } = soa
  return {
    id: zone.soaId,
    domain_id: zone.id,
    name: zone.name,
    type: 'SOA',
    content: [primary, mailbox, zone.serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds].map(String),
    ttl: String(soa.soaTtlSeconds),
    prio: '0',
    change_date: zone.changedAt,
    priority: '0',
  }
}
