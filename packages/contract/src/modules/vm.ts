import { Type } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import { needsOn } from '../op.ts'
import { Flag, InId, InText, OneOf } from '../wire.ts'

/** The VM of a service that an operation is about. */
export const inVm = { id: InId, vmid: InText(64, 'Id of the VM') }
/** Who may use the VMs of a service. */
export const vmAccess = needsOn('services', 'vms', 'id')
/** Why an operation on a VM may fail, whatever it does. */
export const vmErrors: readonly ErrorCode[] = ['not_found', 'conflict', 'upstream_error', 'upstream_timeout']

const Bytes = Type.Integer({ description: 'Bytes' })

/** A virtual machine. */
export const Vm = Type.Object({
  id: Type.String(),
  label: Type.String(),
  status: OneOf(['running', 'stopped', 'starting', 'stopping', 'suspended', 'rebuilding']),
  username: Type.String({ description: 'Who signs in first' }),
  memory: Type.Integer({ description: 'MiB' }),
  cpus: Type.Integer(),
  disk: Type.Integer({ description: 'GiB' }),
  template: Type.String({ description: 'Id of the template it was made from' }),
  template_name: Type.String(),
  ip: Type.Array(Type.String(), { description: 'All its addresses' }),
  ipv4: Type.String({ description: 'The first of its IPv4 addresses; empty when it has none' }),
  ipv6: Type.String({ description: 'The first of its IPv6 addresses; empty when it has none' }),
  mac: Type.String(),
  uptime: Type.Integer({ description: 'Seconds' }),
  boot: Type.String({ description: 'Boot order' }),
  iso: Type.String({ description: 'Id of the image in its drive; empty for none' }),
  pxe: Flag,
  suspended: Flag,
  bandwidth: Type.Object({ in: Bytes, out: Bytes, total: Bytes }),
})

/** A VM as examples show it. */
export const exampleVm = {
  id: '2040',
  label: 'web-1',
  status: 'running',
  username: 'root',
  memory: 4096,
  cpus: 2,
  disk: 40,
  template: 'debian-12',
  template_name: 'Debian 12',
  ip: ['192.0.2.40', '2001:db8:40::2'],
  ipv4: '192.0.2.40',
  ipv6: '2001:db8:40::2',
  mac: '00:00:5e:00:53:40',
  uptime: 86_400,
  boot: 'disk,cdrom',
  iso: '',
  pxe: '0',
  suspended: '0',
  bandwidth: { in: 1_204_551_020, out: 8_118_330_114, total: 9_322_881_134 },
}
/** Where that VM is found. */
export const exampleVmRequest = { id: '318', vmid: '2040' }
