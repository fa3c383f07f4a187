import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, Info, InId, InText, OneOf } from '../wire.ts'
import { Choices, Currency, DecimalAmount, IdOrNull, listing, Moment, MomentOrNull, Next } from './wire.ts'

const Status = OneOf(['Pending', 'Active', 'Cancelled', 'Fraud'])
const WaitsFor = OneOf(['payment', 'staff'], 'Whose turn it is with a pending order')
const rowFields = {
  id: Id,
  number: Type.String({ description: 'Nine digits, as the client knows it' }),
  client_id: Id,
  status: Status,
  waits_for: Type.Union([WaitsFor, Type.Null()], { description: 'Null where it is decided' }),
  kind: OneOf(['order', 'upgrade']),
  invoice_id: IdOrNull,
  currency: Currency,
  total: DecimalAmount,
  created_at: Moment,
  decided_at: MomentOrNull,
}
const exampleRow = {
  id: '88',
  number: '417290365',
  client_id: '1007',
  status: 'Pending' as const,
  waits_for: 'payment' as const,
  kind: 'order' as const,
  invoice_id: '5104',
  currency: 'EUR',
  total: '24.80',
  created_at: '2026-11-22T09:24:28Z',
  decided_at: null,
}
const Decided = Type.Object({ status: Status, info: Info })

/** Orders of all clients. */
export const orders = {
  listOrders: op({
    id: 'staff.orders.listOrders',
    method: 'GET',
    path: '/orders',
    summary: 'Orders',
    input: {
      ...listing,
      status: Type.Optional(Status),
      waits_for: Type.Optional(WaitsFor),
      client_id: Type.Optional(InId),
      number: Type.Optional(Type.String({ pattern: '^\\d{9}$', description: 'Nine digits' })),
    },
    reply: Type.Object({ orders: Type.Array(Type.Object(rowFields)), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { status: 'Pending' }, reply: { orders: [exampleRow], next: null } }],
  }),
  getOrder: op({
    id: 'staff.orders.getOrder',
    method: 'GET',
    path: '/orders/{id}',
    summary: 'An order',
    input: { id: InId },
    reply: Type.Object({
      order: Type.Object({
        ...rowFields,
        services: Type.Array(
          Type.Object({
            id: Id,
            product: Type.String(),
            name: Type.String(),
            status: Type.String(),
            choices: Choices,
          }),
        ),
      }),
    }),
    access: staffWith('read'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '88' },
        reply: {
          order: {
            ...exampleRow,
            services: [
              {
                id: '101',
                product: 'Web hosting',
                name: 'www.example.com',
                status: 'Pending',
                choices: [{ field: 'Disk', item: '50 GB', quantity: 1, text: null }],
              },
            ],
          },
        },
      },
    ],
  }),
  acceptOrder: op({
    id: 'staff.orders.acceptOrder',
    method: 'POST',
    path: '/orders/{id}/accept',
    summary: 'Accept an order',
    description: 'Its services are made now, whether or not it is paid.',
    input: { id: InId },
    reply: Decided,
    access: staffWith('orders'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '88' }, reply: { status: 'Active', info: ['order_accepted'] } }],
  }),
  cancelOrder: op({
    id: 'staff.orders.cancelOrder',
    method: 'POST',
    path: '/orders/{id}/cancel',
    summary: 'Cancel an order that is not paid',
    description:
      'Its invoice is voided, and others may have what it took of stock and codes. With it go all orders of the same invoice. What was paid is refunded first.',
    input: { id: InId, reason: InText(255) },
    reply: Decided,
    access: staffWith('orders'),
    errors: ['not_found', 'conflict'],
    examples: [
      { request: { id: '88', reason: 'out of stock' }, reply: { status: 'Cancelled', info: ['order_cancelled'] } },
    ],
  }),
  markFraud: op({
    id: 'staff.orders.markFraud',
    method: 'POST',
    path: '/orders/{id}/fraud',
    summary: 'Mark an order as fraud',
    description: 'As cancelling it; services that run already end at once.',
    input: { id: InId, reason: InText(255) },
    reply: Decided,
    access: staffWith('orders'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '88', reason: 'stolen card' }, reply: { status: 'Fraud', info: ['order_fraud'] } }],
  }),
}
