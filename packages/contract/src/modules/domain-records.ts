import { Type } from 'typebox'
import { needsOn, op } from '../op.ts'
import { Info, InId, InInteger, InText } from '../wire.ts'
import { recordFaults } from './dns.ts'
import { registryErrors } from './registry.ts'

const InRecord = {
  name: Type.Optional(InText(255, 'Relative to the domain; @ or empty for the domain itself')),
  type: InText(16, 'One of the types of this domain'),
  priority: Type.Optional(InInteger(0, 65_535, 'MX; 0 elsewhere')),
  content: InText(65_535),
}
const inRecord = {
  id: InId,
  index: InId,
  record_id: Type.Optional(InText(20, 'The same as `index`, which some clients repeat; the path counts')),
}
const recordErrors = [...registryErrors, ...recordFaults]

/** Records at the name servers of the registrar: for domains without a zone of their own. */
export const domainRecords = {
  listRecords: op({
    id: 'domains.listRecords',
    method: 'GET',
    path: '/domain/{id}/dns',
    summary: 'Records of a domain',
    description: 'Those at the name servers that come with the domain. Zones of a DNS service are under `/dns`.',
    input: { id: InId },
    reply: Type.Object({
      records: Type.Array(
        Type.Object({
          id: Type.Integer({ description: 'The `index` of the other operations' }),
          name: Type.String(),
          ttl: Type.Integer(),
          priority: Type.Integer(),
          type: Type.String(),
          content: Type.String(),
        }),
      ),
    }),
    access: needsOn('domains', 'dns', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523' },
        reply: { records: [{ id: 4, name: 'www', ttl: 3600, priority: 0, type: 'A', content: '192.0.2.80' }] },
      },
    ],
    documents: 'PD',
  }),
  createRecord: op({
    id: 'domains.createRecord',
    method: 'POST',
    path: '/domain/{id}/dns',
    summary: 'Add a record to a domain',
    input: { id: InId, ...InRecord },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'dns', 'id'),
    errors: recordErrors,
    examples: [
      {
        request: { id: '523', name: '@', type: 'MX', priority: 10, content: 'mail.example.net' },
        reply: { info: ['dnsnewrecordadded', 'MX'] },
      },
    ],
    documents: 'PD',
  }),
  updateRecord: op({
    id: 'domains.updateRecord',
    method: 'PUT',
    path: '/domain/{id}/dns/{index}',
    summary: 'Change a record of a domain',
    input: { ...inRecord, ...InRecord },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'dns', 'id'),
    errors: recordErrors,
    examples: [
      {
        request: { id: '523', index: '4', name: 'www', type: 'A', content: '192.0.2.81' },
        reply: { info: ['dnsrecordupdated'] },
      },
    ],
    documents: 'PD',
  }),
  deleteRecord: op({
    id: 'domains.deleteRecord',
    method: 'DELETE',
    path: '/domain/{id}/dns/{index}',
    summary: 'Remove a record of a domain',
    input: inRecord,
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'dns', 'id'),
    errors: registryErrors,
    examples: [{ request: { id: '523', index: '4' }, reply: { info: ['dnsrecorddeleted'] } }],
    documents: 'PD',
  }),
  listRecordTypes: op({
    id: 'domains.listRecordTypes',
    method: 'GET',
    path: '/domain/{id}/dns/types',
    summary: 'Record types of a domain',
    description: 'Which types there are depends on the registrar that holds the domain.',
    input: { id: InId },
    reply: Type.Object({ types: Type.Array(Type.String()) }),
    access: needsOn('domains', 'dns', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '523' }, reply: { types: ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'URL'] } }],
    documents: 'PD',
  }),
}
