import { Type } from 'typebox'
import { op } from '../op.ts'
import { InBoolean, InId, InText, StatusTrue } from '../wire.ts'
import { exampleVmRequest, inVm, vmAccess, vmErrors } from './vm.ts'

const Taken = Type.Object({ status: StatusTrue })
const taken = { status: true, success: true }

const TemplateList = Type.Object({ templates: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) })
const exampleTemplates = {
  templates: [
    { id: 'debian-12', name: 'Debian 12' },
    { id: 'rocky-9', name: 'Rocky Linux 9' },
  ],
}

/** What runs on a VM: templates, images, boot order, the first password. */
export const vmSoftware = {
  rebuildVm: op({
    id: 'vms.rebuildVm',
    method: 'POST',
    path: '/service/{id}/vms/{vmid}/rebuild',
    summary: 'Rebuild a VM',
    description: 'Installs a template anew. Everything on its disk is lost.',
    input: { ...inVm, template: InText(100, 'Id of the template') },
    reply: Taken,
    access: vmAccess,
    errors: [...vmErrors, 'invalid_template'],
    examples: [{ request: { ...exampleVmRequest, template: 'debian-12' }, reply: taken }],
    documents: 'P',
  }),
  listTemplates: op({
    id: 'vms.listTemplates',
    method: 'GET',
    path: '/service/{id}/templates',
    summary: 'Templates',
    description: 'What a new VM of this service can be made from.',
    input: { id: InId },
    reply: TemplateList,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: { id: '318' }, reply: exampleTemplates }],
    documents: 'P',
  }),
  listVmTemplates: op({
    id: 'vms.listVmTemplates',
    method: 'GET',
    path: '/service/{id}/templates/{vmid}',
    summary: 'Templates for a VM',
    description: 'Those that fit the size of the VM.',
    input: inVm,
    reply: TemplateList,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: exampleVmRequest, reply: exampleTemplates }],
    documents: 'P',
  }),
  listRebuildTemplates: op({
    id: 'vms.listRebuildTemplates',
    method: 'GET',
    path: '/service/{id}/vms/{vmid}/rebuild',
    summary: 'Templates to rebuild a VM with',
    input: { ...inVm, template: Type.Optional(InText(100, 'Only the template with this id')) },
    reply: TemplateList,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: exampleVmRequest, reply: exampleTemplates }],
    documents: 'P',
  }),
  listImages: op({
    id: 'vms.listImages',
    method: 'GET',
    path: '/service/{id}/vms/{vmid}/images',
    summary: 'Disk images',
    description: 'Images that can be put into the drive of the VM.',
    input: inVm,
    reply: Type.Object({
      images: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), mounted: Type.Boolean() })),
    }),
    access: vmAccess,
    errors: vmErrors,
    examples: [
      {
        request: exampleVmRequest,
        reply: { images: [{ id: 'rescue-13.iso', name: 'Rescue system', mounted: false }] },
      },
    ],
    documents: 'P',
  }),
  mountImage: op({
    id: 'vms.mountImage',
    method: 'POST',
    path: '/service/{id}/vms/{vmid}/images',
    summary: 'Put an image into the drive',
    description: 'Without an image the drive is emptied.',
    input: { ...inVm, image: Type.Optional(InText(255, 'Id of the image; empty or absent for none')) },
    reply: Taken,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: { ...exampleVmRequest, image: 'rescue-13.iso' }, reply: taken }],
    documents: 'P',
  }),
  setBootOrder: op({
    id: 'vms.setBootOrder',
    method: 'POST',
    path: '/service/{id}/vms/{vmid}/boot',
    summary: 'Boot order',
    description: 'Counts from the next start.',
    input: { ...inVm, order: InText(100, 'disk, cdrom and network, the first one first, with commas between') },
    reply: Taken,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: { ...exampleVmRequest, order: 'cdrom,disk' }, reply: taken }],
    documents: 'P',
  }),
  setTunTap: op({
    id: 'vms.setTunTap',
    method: 'POST',
    path: '/service/{id}/vms/{vmid}/tuntap',
    summary: 'TUN/TAP devices',
    description: 'Allows a container to make its own network interfaces, as VPN software needs.',
    input: { ...inVm, state: InBoolean('Whether they are allowed') },
    reply: Taken,
    access: vmAccess,
    errors: vmErrors,
    examples: [{ request: { ...exampleVmRequest, state: true }, reply: taken }],
    documents: 'P',
  }),
  resetPassword: op({
    id: 'vms.resetPassword',
    method: 'POST',
    path: '/service/{id}/vms/{vmid}/resetpwd',
    summary: 'New root password',
    description: 'The new password is shown in this answer and never again.',
    input: inVm,
    reply: Type.Object({ status: StatusTrue, password: Type.String() }),
    access: vmAccess,
    errors: vmErrors,
    examples: [
      { request: exampleVmRequest, reply: { status: true, success: true, password: 'Vq7-tamsalu-winter-52' } },
    ],
    documents: 'P',
  }),
}
