import { Type } from 'typebox'
import { op } from '../op.ts'
import { StatusTrue } from '../wire.ts'
import { exampleVmRequest, inVm, vmAccess, vmErrors } from './vm.ts'

/** What all switches of a VM have in common: answered once the hypervisor took the order, which may be before it is done. */
const vmSwitch = {
  method: 'POST',
  input: inVm,
  reply: Type.Object({ status: StatusTrue }),
  access: vmAccess,
  errors: vmErrors,
  examples: [{ request: exampleVmRequest, reply: { status: true, success: true } }],
  documents: 'P',
} as const

/** Turning VMs on and off. */
export const vmPower = {
  stopVm: op({
    ...vmSwitch,
    id: 'vms.stopVm',
    path: '/service/{id}/vms/{vmid}/stop',
    summary: 'Stop a VM',
    description: 'At once, as if its power were cut.',
  }),
  startVm: op({
    ...vmSwitch,
    id: 'vms.startVm',
    path: '/service/{id}/vms/{vmid}/start',
    summary: 'Start a VM',
  }),
  shutDownVm: op({
    ...vmSwitch,
    id: 'vms.shutDownVm',
    path: '/service/{id}/vms/{vmid}/shutdown',
    summary: 'Shut a VM down',
    description: 'Asks its operating system to end.',
  }),
  rebootVm: op({
    ...vmSwitch,
    id: 'vms.rebootVm',
    path: '/service/{id}/vms/{vmid}/reboot',
    summary: 'Restart a VM',
    description: 'Asks its operating system to restart.',
  }),
  resetVm: op({
    ...vmSwitch,
    id: 'vms.resetVm',
    path: '/service/{id}/vms/{vmid}/reset',
    summary: 'Reset a VM',
    description: 'At once, as by the button of a machine.',
  }),
  suspendVm: op({
    ...vmSwitch,
    id: 'vms.suspendVm',
    path: '/service/{id}/vms/{vmid}/suspend',
    summary: 'Suspend a VM',
    description: 'It keeps its memory and uses no processor.',
  }),
  unsuspendVm: op({
    ...vmSwitch,
    id: 'vms.unsuspendVm',
    path: '/service/{id}/vms/{vmid}/unsuspend',
    summary: 'Wake a suspended VM',
  }),
}
