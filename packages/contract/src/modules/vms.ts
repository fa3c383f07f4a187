import { Type } from 'typebox'
import { op } from '../op.ts'
import { InId, InInteger, InText, StatusTrue } from '../wire.ts'
import { exampleVm, exampleVmRequest, inVm, Vm, vmAccess, vmErrors } from './vm.ts'
import { vmPower } from './vm-power.ts'
import { vmSoftware } from './vm-software.ts'
import { vmUsage } from './vm-usage.ts'

const InMemory = InInteger(1, 16_777_216, 'MiB')
const InCpus = InInteger(1, 1024, 'Processors')
const InDisk = InInteger(1, 1_048_576, 'GiB')

/** Virtual machines inside the resources of a service. Services without them answer `invalid method`. */
export const vms = {
  listVms: op({
    id: 'vms.listVms',
    method: 'GET',
    path: '/service/{id}/vms',
    summary: 'Virtual machines',
    description: 'By their ids. Without any, an empty list.',
    input: { id: InId },
    reply: Type.Object({ vms: Type.Union([Type.Record(Type.String(), Vm), Type.Array(Vm, { maxItems: 0 })]) }),
    access: vmAccess,
    errors: vmErrors,
    examples: [
      { request: { id: '318' }, reply: { vms: { '2040': exampleVm } } },
      { title: 'None yet', request: { id: '319' }, reply: { vms: [] } },
    ],
    documents: 'P',
  }),
  getVm: op({
    id: 'vms.getVm',
    method: 'GET',
    path: '/service/{id}/vms/{vmid}',
    summary: 'A virtual machine',
    input: inVm,
    reply: Type.Object({ vm: Vm }),
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: exampleVmRequest, reply: { vm: exampleVm } }],
    documents: 'P',
  }),
  createVm: op({
    id: 'vms.createVm',
    method: 'POST',
    path: '/service/{id}/vms',
    summary: 'Make a virtual machine',
    description: 'Out of what is left of the resources of the service.',
    input: {
      id: InId,
      label: InText(100, 'Host name'),
      template: InText(100, 'Id of the template'),
      memory: InMemory,
      cpu: InCpus,
      disk: InDisk,
    },
    reply: Type.Object({ status: StatusTrue, vmid: Type.String(), vm: Vm }),
    access: vmAccess,
    errors: [...vmErrors, 'invalid_template', 'invalid_hostname'],
    examples: [
      {
        request: { id: '318', label: 'web-1', template: 'debian-12', memory: 4096, cpu: 2, disk: 40 },
        reply: {
          status: true,
          success: true,
          vmid: '2040',
          vm: { ...exampleVm, status: 'starting', uptime: 0, bandwidth: { in: 0, out: 0, total: 0 } },
        },
      },
    ],
    documents: 'P',
  }),
  resizeVm: op({
    id: 'vms.resizeVm',
    method: 'PUT',
    path: '/service/{id}/vms/{vmid}',
    summary: 'Resize a virtual machine',
    description: 'Counts from its next start, where the hypervisor cannot change it while it runs.',
    input: { ...inVm, memory: Type.Optional(InMemory), cpu: Type.Optional(InCpus) },
    reply: Type.Object({ status: StatusTrue, vmid: Type.String(), vm: Vm }),
    access: vmAccess,
    errors: vmErrors,
    examples: [
      {
        request: { ...exampleVmRequest, memory: 8192, cpu: 4 },
        reply: { status: true, success: true, vmid: '2040', vm: { ...exampleVm, memory: 8192, cpus: 4 } },
      },
    ],
    documents: 'P',
  }),
  deleteVm: op({
    id: 'vms.deleteVm',
    method: 'DELETE',
    path: '/service/{id}/vms/{vmid}',
    summary: 'Delete a virtual machine',
    description: 'With its disk. Its resources are free again.',
    input: inVm,
    reply: Type.Object({ status: StatusTrue }),
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: exampleVmRequest, reply: { status: true, success: true } }],
    documents: 'P',
  }),
  ...vmPower,
  ...vmSoftware,
  ...vmUsage,
}
