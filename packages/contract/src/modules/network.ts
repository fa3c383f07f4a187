import { Type } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import { needsOn, op } from '../op.ts'
import { Base64, InBoolean, Info, InId, InInteger, InText, OneOf, StatusTrue } from '../wire.ts'

const Port = Type.Object({ id: Type.String(), name: Type.String(), state: OneOf(['on', 'off', 'unknown']) })
const Bytes = Type.Integer({ description: 'Bytes' })
const measured: readonly ErrorCode[] = ['not_found', 'upstream_error', 'upstream_timeout']

/** Addresses, traffic and power of servers. Services without them answer `invalid method`. */
export const network = {
  listAddresses: op({
    id: 'network.listAddresses',
    method: 'GET',
    path: '/service/{id}/ip',
    summary: 'Addresses of a service',
    input: { id: InId },
    reply: Type.Object({
      ips: Type.Array(
        Type.Object({
          type: OneOf(['ipv4', 'ipv6']),
          ip: Type.String(),
          network: Type.String({ description: 'In CIDR notation' }),
          gateway: Type.String(),
          mac: Type.String(),
        }),
      ),
    }),
    access: needsOn('services', 'network', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '318' },
        reply: {
          ips: [
            {
              type: 'ipv4',
              ip: '192.0.2.21',
              network: '192.0.2.0/24',
              gateway: '192.0.2.1',
              mac: '00:00:5e:00:53:21',
            },
            {
              type: 'ipv6',
              ip: '2001:db8:21::2',
              network: '2001:db8:21::/64',
              gateway: '2001:db8:21::1',
              mac: '00:00:5e:00:53:21',
            },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  listReverseDns: op({
    id: 'network.listReverseDns',
    method: 'GET',
    path: '/service/{id}/rdns',
    summary: 'Reverse DNS',
    input: { id: InId },
    reply: Type.Object({
      rdns: Type.Array(
        Type.Object({
          ipaddress: Type.String(),
          ptrcontent: Type.String({ description: 'Host name; empty when there is none' }),
        }),
      ),
    }),
    access: needsOn('services', 'network', 'id'),
    errors: ['not_found'],
    examples: [
      { request: { id: '318' }, reply: { rdns: [{ ipaddress: '192.0.2.21', ptrcontent: 'mail.example.com' }] } },
    ],
    documents: 'P',
  }),
  setReverseDns: op({
    id: 'network.setReverseDns',
    method: 'POST',
    path: '/service/{id}/rdns',
    summary: 'Set reverse DNS',
    description:
      'Host names by address; an empty one removes the record. In a form: `ipaddress[192.0.2.21]=mail.example.com`, or the address itself as the name of the field.',
    input: {
      id: InId,
      ipaddress: Type.Optional(Type.Record(Type.String(), InText(255), { description: 'Host names by address' })),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'network', 'id'),
    errors: [...measured, 'invalid_hostname', 'dnserrip'],
    examples: [
      {
        request: { id: '318', ipaddress: { '192.0.2.21': 'mail.example.com' } },
        reply: { success: true, info: ['revdnsupdated'] },
      },
    ],
    documents: 'P',
  }),
  getBandwidthGraphs: op({
    id: 'network.getBandwidthGraphs',
    method: 'GET',
    path: '/service/{id}/bandwidth-graphs',
    summary: 'Graphs of the traffic',
    input: { id: InId },
    reply: Type.Object({ graphs: Type.Object({ day: Base64, week: Base64, month: Base64 }) }),
    access: needsOn('services', 'network', 'id'),
    errors: measured,
    examples: [
      {
        request: { id: '318' },
        reply: { graphs: { day: 'iVBORw0KGgo=', week: 'iVBORw0KGgo=', month: 'iVBORw0KGgo=' } },
      },
    ],
    documents: 'P',
  }),
  getBandwidth: op({
    id: 'network.getBandwidth',
    method: 'GET',
    path: '/service/{id}/bandwidth',
    summary: 'Traffic of this month',
    input: { id: InId },
    reply: Type.Object({
      bandwidth: Type.Object({
        period: Type.String({ description: 'YYYY-MM' }),
        in: Bytes,
        out: Bytes,
        total: Bytes,
        limit: Type.Integer({ description: 'Bytes that are included; 0 for no limit' }),
        overage: Bytes,
        percentile95: Type.Integer({ description: 'Bytes per second' }),
        unit: Type.Literal('bytes'),
      }),
    }),
    access: needsOn('services', 'network', 'id'),
    errors: measured,
    examples: [
      {
        request: { id: '318' },
        reply: {
          bandwidth: {
            period: '2026-10',
            in: 81_204_551_020,
            out: 402_118_330_114,
            total: 483_322_881_134,
            limit: 2_000_000_000_000,
            overage: 0,
            percentile95: 1_204_000,
            unit: 'bytes',
          },
        },
      },
    ],
    documents: 'P',
  }),
  listPowerPorts: op({
    id: 'network.listPowerPorts',
    method: 'GET',
    path: '/service/{id}/pdu',
    summary: 'Power ports',
    input: { id: InId },
    reply: Type.Object({ ports: Type.Array(Port) }),
    access: needsOn('services', 'pdu', 'id'),
    errors: measured,
    examples: [
      {
        request: { id: '318' },
        reply: {
          ports: [
            { id: '11', name: 'Rack 4, left, 7', state: 'on' },
            { id: '12', name: 'Rack 4, right, 7', state: 'on' },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  getPowerPort: op({
    id: 'network.getPowerPort',
    method: 'GET',
    path: '/service/{id}/pdu/{port}',
    summary: 'A power port',
    input: { id: InId, port: InInteger(0, 1_000_000_000, 'Id of the port') },
    reply: Type.Object({ port: Port }),
    access: needsOn('services', 'pdu', 'id'),
    errors: measured,
    examples: [
      { request: { id: '318', port: 11 }, reply: { port: { id: '11', name: 'Rack 4, left, 7', state: 'on' } } },
    ],
    documents: 'P',
  }),
  switchPowerPort: op({
    id: 'network.switchPowerPort',
    method: 'POST',
    path: '/service/{id}/pdu/{port}',
    summary: 'Switch power on or off',
    description: 'The server loses its power at once, as if its plug were pulled.',
    input: { id: InId, port: InInteger(0, 1_000_000_000, 'Id of the port'), power: InBoolean('on or off') },
    reply: Type.Object({ status: StatusTrue }),
    access: needsOn('services', 'pdu', 'id'),
    errors: [...measured, 'conflict'],
    examples: [{ request: { id: '318', port: 11, power: true }, reply: { success: true, status: true } }],
    documents: 'P',
  }),
}
