import { Type } from 'typebox'
import { needsOn, op } from '../op.ts'
import { Info, InId, InInteger, InText, OneOf, SuccessTrue } from '../wire.ts'
import { registryErrors } from './registry.ts'

const Hosts = Type.Array(Type.String())
const Names = Type.Record(Type.String(), Type.String())

/** A key of a signed domain as the registry knows it: the key itself, its digest (DS), or both. */
const DnssecKey = Type.Object({
  key: Type.String({ description: 'What removes it' }),
  flags: Type.Integer(),
  protocol: Type.Integer(),
  algorithm: Type.Integer(),
  publickey: Type.String({ description: 'Base64; empty when only the digest is known' }),
  keytag: Type.String(),
  digesttype: Type.Integer(),
  digest: Type.String({ description: 'Hexadecimal' }),
})

const examplePublicKey = 'oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA=='
const exampleDigest = '3f1a6c0d9be24758a1c3d5e7f90b2d4f6a8c0e1f2b3d4c5a6978f0e1d2c3b4a5'

/** Where the registry sends resolvers: name servers, their addresses, and the keys that sign the zone. */
export const domainDelegation = {
  getNameservers: op({
    id: 'domains.getNameservers',
    method: 'GET',
    path: '/domain/{id}/ns',
    summary: 'Name servers',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, nameservers: Hosts }),
    access: needsOn('domains', 'nameservers', 'id'),
    errors: registryErrors,
    examples: [
      { request: { id: '523' }, reply: { success: true, nameservers: ['ns1.example.net', 'ns2.example.net'] } },
    ],
    documents: 'PD',
  }),
  setNameservers: op({
    id: 'domains.setNameservers',
    method: 'PUT',
    path: '/domain/{id}/ns',
    summary: 'Set the name servers',
    description: 'The list replaces the present one.',
    input: { id: InId, nameservers: Type.Array(InText(255), { maxItems: 13 }) },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'nameservers', 'id'),
    errors: [...registryErrors, 'invalid_hostname'],
    examples: [
      {
        request: { id: '523', nameservers: ['ns1.example.net', 'ns2.example.net'] },
        reply: { info: ['success_changes_save'] },
      },
    ],
    documents: 'PD',
  }),
  changeGlueHost: op({
    id: 'domains.changeGlueHost',
    method: 'POST',
    alsoMethods: ['PUT'],
    path: '/domain/{id}/reg',
    summary: 'Register a name server inside the domain',
    description:
      'A name server whose name lies inside the domain needs its address at the registry (RFC 9471). `registerNameServer` takes `ip`; `modifyNameServer` takes `oldip` and `newip`; `deleteNameServer` takes neither.',
    input: {
      id: InId,
      nameserver: InText(255, 'Host name below the domain'),
      action: OneOf(['registerNameServer', 'modifyNameServer', 'deleteNameServer']),
      ip: Type.Optional(InText(45)),
      oldip: Type.Optional(InText(45)),
      newip: Type.Optional(InText(45)),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'nameservers', 'id'),
    errors: [...registryErrors, 'invalid_hostname'],
    examples: [
      {
        request: { id: '523', nameserver: 'ns1.example.com', ip: '192.0.2.53', action: 'registerNameServer' },
        reply: { success: true, info: ['success_changes_save'] },
      },
    ],
    documents: 'PD',
  }),
  listDnssecFlags: op({
    id: 'domains.listDnssecFlags',
    method: 'GET',
    path: '/domain/{id}/dnssec/flags',
    summary: 'Key flags, algorithms and digests taken',
    description: 'What the registry of this domain accepts, by number (RFC 9904 and the IANA registries it names).',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, flags: Names, algorithms: Names, digests: Names }),
    access: needsOn('domains', 'dnssec', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '523' },
        reply: {
          success: true,
          flags: { '256': 'ZSK', '257': 'KSK' },
          algorithms: { '8': 'RSASHA256', '13': 'ECDSAP256SHA256', '15': 'ED25519' },
          digests: { '2': 'SHA-256', '4': 'SHA-384' },
        },
      },
    ],
    documents: 'PD',
  }),
  listDnssecKeys: op({
    id: 'domains.listDnssecKeys',
    method: 'GET',
    path: '/domain/{id}/dnssec',
    summary: 'DNSSEC keys',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, keys: Type.Array(DnssecKey) }),
    access: needsOn('domains', 'dnssec', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523' },
        reply: {
          success: true,
          keys: [
            {
              key: '18',
              flags: 257,
              protocol: 3,
              algorithm: 13,
              publickey: examplePublicKey,
              keytag: '20326',
              digesttype: 2,
              digest: exampleDigest,
            },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  addDnssecKey: op({
    id: 'domains.addDnssecKey',
    method: 'PUT',
    path: '/domain/{id}/dnssec',
    summary: 'Add a DNSSEC key',
    description:
      'Send the key (`flags`, `protocol`, `algorithm`, `publickey`), or its digest (`keytag`, `algorithm`, `digesttype`, `digest`), or both: what is missing is computed from the key, and what contradicts it is refused.',
    input: {
      id: InId,
      flags: Type.Optional(InInteger(0, 65_535, '256 or 257')),
      protocol: Type.Optional(InInteger(0, 255, 'Always 3')),
      algorithm: Type.Optional(InInteger(0, 255, 'Number of the algorithm')),
      publickey: Type.Optional(InText(4096, 'Base64')),
      keytag: Type.Optional(InText(5, '0 to 65535')),
      digesttype: Type.Optional(InInteger(0, 255, 'Number of the digest')),
      digest: Type.Optional(InText(128, 'Hexadecimal')),
    },
    reply: Type.Object({ key: Type.String({ description: 'What removes it' }), info: Info }),
    access: needsOn('domains', 'dnssec', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523', flags: 257, protocol: 3, algorithm: 13, publickey: examplePublicKey },
        reply: { success: true, key: '18', info: ['success_changes_save'] },
      },
    ],
    documents: 'PD',
  }),
  deleteDnssecKey: op({
    id: 'domains.deleteDnssecKey',
    method: 'DELETE',
    path: '/domain/{id}/dnssec/{key}',
    summary: 'Remove a DNSSEC key',
    input: { id: InId, key: InText(100, 'The `key` of the list') },
    reply: Type.Object({}),
    access: needsOn('domains', 'dnssec', 'id'),
    errors: registryErrors,
    examples: [{ request: { id: '523', key: '18' }, reply: { success: true } }],
    documents: 'PD',
  }),
}
