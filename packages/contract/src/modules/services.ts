import { Type } from 'typebox'
import { lists, needsOn, op } from '../op.ts'
import { Day, Id, Info, InId, InText, Money, OneOf, Page, paging } from '../wire.ts'
import { CycleName } from './cycles.ts'
import { serviceChanges } from './service-changes.ts'
import { ServiceStatus } from './service-status.ts'

const ServiceRow = Type.Object({
  id: Id,
  domain: Type.String({ description: 'Host name; empty when it has none' }),
  total: Money,
  status: ServiceStatus,
  billingcycle: CycleName,
  next_due: Day,
  category: Type.String(),
  category_url: Type.String(),
  name: Type.String({ description: 'Name of the product' }),
})
const ServiceDetails = Type.Object({
  id: Id,
  date_created: Day,
  domain: Type.String(),
  firstpayment: Money,
  total: Money,
  billingcycle: CycleName,
  next_due: Day,
  next_invoice: Day,
  status: ServiceStatus,
  label: Type.String(),
  username: Type.String({ description: 'Empty without the privilege `logindetails`' }),
  password: Type.String({ description: 'Empty without the privilege `logindetails`' }),
  name: Type.String({ description: 'Name of the product' }),
})

/** The products the customer has. */
export const services = {
  listServices: op({
    id: 'services.listServices',
    method: 'GET',
    path: '/service',
    summary: 'Services',
    description: 'Everything you have bought besides domains.',
    input: paging,
    reply: Type.Object({ services: Type.Array(ServiceRow), page: Type.Optional(Page) }),
    access: lists('services', 'basic'),
    examples: [
      {
        reply: {
          services: [
            {
              id: '332',
              domain: 'example.com',
              total: '20.00',
              status: 'Active',
              billingcycle: 'Monthly',
              next_due: '2026-11-14',
              category: 'Web hosting',
              category_url: 'web-hosting',
              name: 'Web hosting M',
            },
          ],
        },
      },
    ],
    documents: 'PDSX',
  }),
  getService: op({
    id: 'services.getService',
    method: 'GET',
    path: '/service/{id}',
    summary: 'A service',
    input: { id: InId },
    reply: Type.Object({ service: ServiceDetails }),
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '332' },
        reply: {
          service: {
            id: '332',
            date_created: '2025-06-14',
            domain: 'example.com',
            firstpayment: '20.00',
            total: '20.00',
            billingcycle: 'Monthly',
            next_due: '2026-11-14',
            next_invoice: '2026-10-31',
            status: 'Active',
            label: 'The shop',
            username: 'examplec',
            password: 'wY3-pelikan-71',
            name: 'Web hosting M',
          },
        },
      },
    ],
    documents: 'PDSX',
  }),
  getLabel: op({
    id: 'services.getLabel',
    method: 'GET',
    path: '/service/{id}/label',
    summary: 'Label of a service',
    input: { id: InId },
    reply: Type.Object({ label: Type.String() }),
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '332' }, reply: { label: 'The shop' } }],
    documents: 'PD',
  }),
  setLabel: op({
    id: 'services.setLabel',
    method: 'POST',
    path: '/service/{id}/label',
    summary: 'Label a service',
    description: 'A name of your own for it; an empty one removes it.',
    input: { id: InId, label: Type.Optional(InText(100, 'Empty or absent for none')) },
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '332', label: 'The shop' }, reply: { success: true, info: ['label_updated'] } }],
    documents: 'PD',
  }),
  listMethods: op({
    id: 'services.listMethods',
    method: 'GET',
    path: '/service/{id}/methods',
    summary: 'What can be done with a service',
    description:
      'Operations that this service knows and you may use; all others answer `invalid method`. `@id` in a route stands for an id.',
    input: { id: InId },
    reply: Type.Object({
      methods: Type.Array(
        Type.Object({ name: Type.String(), method: OneOf(['GET', 'POST', 'PUT', 'DELETE']), route: Type.String() }),
      ),
    }),
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '332' },
        reply: {
          methods: [
            { name: 'Label of a service', method: 'GET', route: '/service/@id/label' },
            { name: 'Label a service', method: 'POST', route: '/service/@id/label' },
            { name: 'Cancel a service', method: 'POST', route: '/service/@id/cancel' },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  ...serviceChanges,
}
