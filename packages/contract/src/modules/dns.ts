import { Type } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import { lists, needsOn, op } from '../op.ts'
import { Id, Info, InId, InInteger, InText, Page, paging } from '../wire.ts'

const inZone = { service_id: InId, zone_id: InId }

/** Bare text, or a list of the type's parts as SRV takes it: `[weight, port, target]`. */
const InContent = Type.Union([InText(65_535), Type.Array(Type.Union([Type.Number(), Type.String()]), { maxItems: 16 })])
const Content = Type.Union([Type.String(), Type.Array(Type.Union([Type.Number(), Type.String()]))])

const InRecord = {
  name: Type.Optional(InText(255, 'Relative to the zone or a full name; @ or empty for the apex')),
  ttl: Type.Optional(InInteger(0, 2_147_483_647, 'Seconds')),
  priority: Type.Optional(InInteger(-2_147_483_648, 2_147_483_647, 'MX and SRV; 0 elsewhere')),
  type: InText(
    16,
    'A, AAAA, CNAME, MX, NS, TXT, SRV, CAA, PTR, TLSA, SSHFP, NAPTR, SVCB, HTTPS, DS, LOC, URL, FRAME, MXE',
  ),
  content: InContent,
}

const ZoneList = Type.Object({
  service_ids: Type.Array(Id),
  zones: Type.Array(Type.Object({ domain_id: Id, name: Type.String(), service_id: Id })),
  page: Type.Optional(Page),
})

const RecordDetail = Type.Object({
  id: Id,
  name: Type.String({ description: 'Relative to the zone; the zone name for the apex' }),
  type: Type.String(),
  content: Type.String(),
  ttl: Type.Integer(),
  priority: Type.Integer(),
})

const RecordedRecord = Type.Object({
  id: Id,
  domain_id: Id,
  name: Type.String(),
  type: Type.String(),
  content: Content,
  ttl: Type.String(),
  prio: Type.String(),
  change_date: Type.String(),
  priority: Type.String(),
})

const RecordEcho = Type.Object({
  id: Id,
  name: Type.String(),
  type: Type.String(),
  ttl: Type.String(),
  priority: Type.Union([Type.String(), Type.Integer()]),
  content: Content,
})

/** What can be wrong with a record itself. */
export const recordFaults: readonly ErrorCode[] = [
  'dnsnotvalidtype',
  'dnserrip',
  'dnserripv4',
  'dnserripv6',
  'dnserrhostname',
  'dnserrcname',
  'dnserrcname_exists',
  'dnserrinv_ttl',
  'dnserrinv_prio',
  'dnserrmx_prio',
  'dnserrns_hname',
  'dnserrsrv_name',
  'dnserrsrv_trgt',
  'dnserrsrv_port',
  'dnserrsrv_wght',
  'dnserrcontent',
  'dnserrrr_type',
]
const recordErrors: readonly ErrorCode[] = ['not_found', 'conflict', 'precondition_failed', ...recordFaults]

const exampleZones = [
  { domain_id: '60', name: 'example.com', service_id: '10' },
  { domain_id: '61', name: 'example.net', service_id: '20' },
]

/** Zones and records under a service. */
export const dns = {
  listZones: op({
    id: 'dns.listZones',
    method: 'GET',
    path: '/dns',
    summary: 'All your zones',
    input: paging,
    reply: ZoneList,
    access: lists('services', 'dns'),
    examples: [{ reply: { service_ids: ['10', '20'], zones: exampleZones } }],
    documents: 'IPD',
  }),
  listServiceZones: op({
    id: 'dns.listServiceZones',
    method: 'GET',
    path: '/service/{service_id}/dns',
    summary: 'Zones of a service',
    description: 'Answers `invalid method` for a service that has no DNS.',
    input: { service_id: InId, ...paging },
    reply: ZoneList,
    access: needsOn('services', 'dns', 'service_id'),
    errors: ['not_found'],
    examples: [{ request: { service_id: '10' }, reply: { service_ids: ['10'], zones: exampleZones.slice(0, 1) } }],
    documents: 'ID',
  }),
  getZone: op({
    id: 'dns.getZone',
    method: 'GET',
    path: '/service/{service_id}/dns/{zone_id}',
    summary: 'A zone and its records',
    description:
      'The `ETag` of the answer is the version of the zone; send it as `If-Match` with a change to make sure nobody else changed the zone meanwhile.',
    input: { ...inZone, ...paging },
    reply: Type.Object({
      service_id: Type.Integer(),
      name: Type.String(),
      records: Type.Array(RecordDetail),
      page: Type.Optional(Page),
    }),
    recorded: Type.Object({
      service_id: Id,
      name: Type.String(),
      records: Type.Record(Type.String(), RecordedRecord),
      page: Type.Optional(Page),
    }),
    access: needsOn('services', 'dns', 'service_id'),
    errors: ['not_found'],
    examples: [
      {
        request: { service_id: '10', zone_id: '60' },
        reply: {
          service_id: 10,
          name: 'example.com',
          records: [
            { id: '10', name: 'www', type: 'A', content: '192.0.2.80', ttl: 1800, priority: 0 },
            { id: '11', name: 'example.com', type: 'NS', content: 'ns1.example.net', ttl: 1800, priority: 0 },
          ],
        },
      },
    ],
    documents: 'IPD',
  }),
  createRecord: op({
    id: 'dns.createRecord',
    method: 'POST',
    path: '/service/{service_id}/dns/{zone_id}/records',
    summary: 'Add a record',
    description:
      'The whole zone is checked as it would be after the change. The record is echoed as it was sent, with its new id.',
    input: { ...inZone, ...InRecord },
    reply: Type.Object({ record: RecordEcho, info: Info }),
    access: needsOn('services', 'dns', 'service_id'),
    errors: recordErrors,
    examples: [
      {
        title: 'An address',
        request: { service_id: '10', zone_id: '60', name: 'www', ttl: 3600, type: 'A', content: '192.0.2.80' },
        reply: {
          record: { id: '12', name: 'www', type: 'A', ttl: '3600', priority: '0', content: '192.0.2.80' },
          info: ['dnsnewrecordadded', 'A'],
        },
      },
      {
        title: 'A service',
        request: {
          service_id: '10',
          zone_id: '60',
          name: '_sip._tcp.example.com',
          ttl: 3600,
          priority: 10,
          type: 'SRV',
          content: [5, 5061, 'sip1.example.net'],
        },
        reply: {
          record: {
            id: '13',
            name: '_sip._tcp.example.com',
            type: 'SRV',
            ttl: '3600',
            priority: '10',
            content: [5, 5061, 'sip1.example.net'],
          },
          info: ['dnsnewrecordadded', 'SRV'],
        },
      },
    ],
    documents: 'IPD',
  }),
  updateRecord: op({
    id: 'dns.updateRecord',
    method: 'PUT',
    path: '/service/{service_id}/dns/{zone_id}/records/{record_id}',
    summary: 'Change a record',
    description: 'Fields that are not sent stay as they are.',
    input: {
      ...inZone,
      record_id: InId,
      ...InRecord,
      type: Type.Optional(InRecord.type),
      content: Type.Optional(InContent),
    },
    reply: Type.Object({ record: RecordEcho, info: Info }),
    access: needsOn('services', 'dns', 'service_id'),
    errors: recordErrors,
    examples: [
      {
        request: {
          service_id: '10',
          zone_id: '60',
          record_id: '55',
          name: 'www',
          ttl: 3600,
          priority: 10,
          type: 'A',
          content: '192.0.2.81',
        },
        reply: {
          record: { id: '55', type: 'A', ttl: '3600', name: 'www', priority: 0, content: '192.0.2.81' },
          info: ['dnsrecordupdated'],
        },
      },
    ],
    documents: 'IPD',
  }),
  deleteRecord: op({
    id: 'dns.deleteRecord',
    method: 'DELETE',
    path: '/service/{service_id}/dns/{zone_id}/records/{record_id}',
    summary: 'Remove a record',
    input: { ...inZone, record_id: InId },
    reply: Type.Object({}),
    access: needsOn('services', 'dns', 'service_id'),
    errors: ['not_found', 'conflict', 'precondition_failed', 'dnserrrr_type'],
    examples: [{ request: { service_id: '10', zone_id: '60', record_id: '55' }, reply: { success: true } }],
    documents: 'IPD',
  }),
  createZone: op({
    id: 'dns.createZone',
    method: 'POST',
    path: '/service/{service_id}/dns',
    summary: 'Add a zone',
    input: { service_id: InId, name: InText(255, 'Name of the zone, e.g. example.com') },
    reply: Type.Object({ info: Info, zone_id: Id }),
    access: needsOn('services', 'dns', 'service_id'),
    errors: ['not_found', 'conflict', 'dnserrhostname', 'dnszonetaken', 'dnsdomain_exists', 'dnszone_limit'],
    examples: [
      {
        request: { service_id: '10', name: 'example.org' },
        reply: { info: ['dnszonecreated', 'example.org'], zone_id: '62' },
      },
    ],
    documents: 'PD',
  }),
  deleteZone: op({
    id: 'dns.deleteZone',
    method: 'DELETE',
    path: '/service/{service_id}/dns/{zone_id}',
    summary: 'Remove a zone and its records',
    input: inZone,
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'dns', 'service_id'),
    errors: ['not_found', 'conflict', 'precondition_failed'],
    examples: [{ request: { service_id: '10', zone_id: '62' }, reply: { info: ['dnszonedeleted', 'example.org'] } }],
    documents: 'PD',
  }),
}
