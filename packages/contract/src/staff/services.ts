import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, Info, InId, InText, OneOf } from '../wire.ts'
import { Choices, Currency, DecimalAmount, IdOrNull, listing, Moment, MomentOrNull, Next, TextOrNull } from './wire.ts'

const Status = OneOf(['Pending', 'Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'])
const Provisioning = OneOf(
  ['none', 'queued', 'running', 'failed', 'done'],
  '`queued` also while it waits for somebody to do it by hand',
)
const rowFields = {
  id: Id,
  client_id: Id,
  kind: OneOf(['product', 'addon', 'domain']),
  product: Type.String(),
  name: Type.String(),
  label: Type.String(),
  status: Status,
  cycle: Type.String(),
  price: DecimalAmount,
  currency: Currency,
  paid_until: MomentOrNull,
  suspend_reason: TextOrNull,
  provisioning: Provisioning,
  provisioning_error: TextOrNull,
  created_at: Moment,
}
const exampleRow = {
  id: '101',
  client_id: '1007',
  kind: 'product' as const,
  product: 'Web hosting',
  name: 'www.example.com',
  label: '',
  status: 'Active' as const,
  cycle: 'm',
  price: '20.00',
  currency: 'EUR',
  paid_until: '2026-12-22T00:00:00Z',
  suspend_reason: null,
  provisioning: 'done' as const,
  provisioning_error: null,
  created_at: '2026-11-22T09:24:28Z',
}
const Changed = Type.Object({ status: Status, provisioning: Provisioning, info: Info })

/** What clients have bought. */
export const services = {
  listServices: op({
    id: 'staff.services.listServices',
    method: 'GET',
    path: '/services',
    summary: 'Services',
    description: '`provisioning=failed` lists those that somebody has to look at.',
    input: {
      ...listing,
      client_id: Type.Optional(InId),
      product_id: Type.Optional(InId),
      status: Type.Optional(Status),
      provisioning: Type.Optional(Provisioning),
      name: Type.Optional(InText(255, 'Host name or domain, or what it begins with')),
    },
    reply: Type.Object({ services: Type.Array(Type.Object(rowFields)), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { client_id: '1007' }, reply: { services: [exampleRow], next: null } }],
  }),
  getService: op({
    id: 'staff.services.getService',
    method: 'GET',
    path: '/services/{id}',
    summary: 'A service',
    input: { id: InId },
    reply: Type.Object({
      service: Type.Object({
        ...rowFields,
        product_id: IdOrNull,
        order_id: IdOrNull,
        parent_id: IdOrNull,
        addon_ids: Type.Array(Id),
        choices: Choices,
        provisioner: Type.String(),
        external_id: TextOrNull,
        username: Type.String(),
        invoiced_until: MomentOrNull,
        next_invoice_at: MomentOrNull,
        suspended_at: MomentOrNull,
        ended_at: MomentOrNull,
      }),
    }),
    access: staffWith('read'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '101' },
        reply: {
          service: {
            ...exampleRow,
            product_id: '7',
            order_id: '88',
            parent_id: null,
            addon_ids: [],
            choices: [{ field: 'Disk', item: '50 GB', quantity: 1, text: null }],
            provisioner: 'none',
            external_id: null,
            username: '',
            invoiced_until: '2026-12-22T00:00:00Z',
            next_invoice_at: '2026-12-08T00:00:00Z',
            suspended_at: null,
            ended_at: null,
          },
        },
      },
    ],
  }),
  suspendService: op({
    id: 'staff.services.suspendService',
    method: 'POST',
    path: '/services/{id}/suspend',
    summary: 'Suspend a service',
    description: 'Nothing is removed. What the staff suspended, a payment does not start again.',
    input: { id: InId },
    reply: Changed,
    access: staffWith('services'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '101' },
        reply: { status: 'Suspended', provisioning: 'done', info: ['service_suspended'] },
      },
    ],
  }),
  unsuspendService: op({
    id: 'staff.services.unsuspendService',
    method: 'POST',
    path: '/services/{id}/unsuspend',
    summary: 'Start a suspended service again',
    input: { id: InId },
    reply: Changed,
    access: staffWith('services'),
    errors: ['not_found', 'conflict'],
    examples: [
      { request: { id: '101' }, reply: { status: 'Active', provisioning: 'done', info: ['service_unsuspended'] } },
    ],
  }),
  terminateService: op({
    id: 'staff.services.terminateService',
    method: 'POST',
    path: '/services/{id}/terminate',
    summary: 'End a service for good',
    description: 'What it consists of is removed.',
    input: { id: InId, reason: InText(255) },
    reply: Changed,
    access: staffWith('services'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '101', reason: 'abuse' },
        reply: { status: 'Terminated', provisioning: 'done', info: ['service_terminated'] },
      },
    ],
  }),
  completeProvisioning: op({
    id: 'staff.services.completeProvisioning',
    method: 'POST',
    path: '/services/{id}/provisioned',
    summary: 'Say that it was done by hand',
    description:
      'For products that are provisioned by hand: what was waiting (making, changing, suspending, removing it) is done.',
    input: {
      id: InId,
      username: Type.Optional(InText(255)),
      password: Type.Optional(InText(1024)),
      external_id: Type.Optional(InText(255, 'What the other system calls it')),
    },
    reply: Changed,
    access: staffWith('services'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '101', username: 'grace' },
        reply: { status: 'Active', provisioning: 'done', info: ['service_provisioned'] },
      },
    ],
  }),
  provisionAgain: op({
    id: 'staff.services.provisionAgain',
    method: 'POST',
    path: '/services/{id}/provision',
    summary: 'Try again what failed',
    description: 'Only where `provisioning` is `failed`.',
    input: { id: InId },
    reply: Changed,
    access: staffWith('services'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '101' },
        reply: { status: 'Pending', provisioning: 'queued', info: ['service_provisioning'] },
      },
    ],
  }),
}
