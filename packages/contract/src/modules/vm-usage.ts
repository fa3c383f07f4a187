import { Type } from 'typebox'
import { op } from '../op.ts'
import { Base64, InId, OneOf, SuccessTrue } from '../wire.ts'
import { exampleVmRequest, inVm, vmAccess, vmErrors } from './vm.ts'

/** What is bought, taken and left of one resource. */
const Resource = Type.Object({ total: Type.Integer(), used: Type.Integer(), free: Type.Integer() })

/** A measured value of each series at one time. */
const Point = Type.Object({
  time: Type.Integer({ description: 'Seconds since 1970, UTC' }),
  values: Type.Record(Type.String(), Type.Number()),
})

/** What all graphs of a VM have in common. */
const graph = {
  method: 'GET',
  input: { ...inVm, output: Type.Optional(OneOf(['png', 'data'], 'data: the measured points and no picture')) },
  reply: Type.Object({
    success: SuccessTrue,
    graph: Type.Optional(Base64),
    points: Type.Optional(Type.Array(Point)),
  }),
  alsoProduces: ['image/png', 'image/svg+xml'],
  access: vmAccess,
  errors: vmErrors,
  documents: 'P',
} as const

const examplePicture = { request: exampleVmRequest, reply: { success: true, graph: 'iVBORw0KGgo=' } }
function examplePoints(values: Record<string, number>) {
  return {
    title: 'The points',
    request: { ...exampleVmRequest, output: 'data' },
    reply: { success: true, points: [{ time: 1_793_700_000, values }] },
  }
}

/** How much VMs use. */
export const vmUsage = {
  getResources: op({
    id: 'vms.getResources',
    method: 'GET',
    path: '/service/{id}/resources',
    summary: 'Resources of a service',
    description: 'What the service may give to its VMs: memory in MiB, processors, disk in GiB, and VMs.',
    input: { id: InId },
    reply: Type.Object({
      resources: Type.Object({ memory: Resource, cpu: Resource, disk: Resource, vms: Resource }),
    }),
    access: vmAccess,
    errors: vmErrors,
    examples: [
      {
        request: { id: '318' },
        reply: {
          resources: {
            memory: { total: 16_384, used: 4096, free: 12_288 },
            cpu: { total: 8, used: 2, free: 6 },
            disk: { total: 200, used: 40, free: 160 },
            vms: { total: 5, used: 1, free: 4 },
          },
        },
      },
    ],
    documents: 'P',
  }),
  getCpuUsage: op({
    ...graph,
    id: 'vms.getCpuUsage',
    path: '/service/{id}/vms/{vmid}/usage/cpu',
    summary: 'Processor use of a VM',
    description: 'In percent of one processor, over the last day.',
    examples: [examplePicture, examplePoints({ cpu: 31.5 })],
  }),
  getNetworkUsage: op({
    ...graph,
    id: 'vms.getNetworkUsage',
    path: '/service/{id}/vms/{vmid}/usage/net',
    summary: 'Network use of a VM',
    description: 'In bytes per second, over the last day.',
    examples: [examplePicture, examplePoints({ in: 80_120, out: 402_700 })],
  }),
  getMemoryUsage: op({
    ...graph,
    id: 'vms.getMemoryUsage',
    path: '/service/{id}/vms/{vmid}/usage/memory',
    summary: 'Memory use of a VM',
    description: 'In bytes, over the last day.',
    examples: [examplePicture, examplePoints({ memory: 2_147_483_648 })],
  }),
}
