import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, InId, InText } from '../wire.ts'
import { IdOrNull, InMoment, listing, Moment, Next } from './wire.ts'

/** What happened, and whether the books agree with it. */
export const audit = {
  listAudit: op({
    id: 'staff.audit.listAudit',
    method: 'GET',
    path: '/audit',
    summary: 'The audit trail',
    description: 'Every change of customers, staff, the operator and the system itself; newest first.',
    input: {
      ...listing,
      client_id: Type.Optional(InId),
      staff_id: Type.Optional(InId),
      event: Type.Optional(InText(100, 'The event, or what it begins with: `invoice.`')),
      actor: Type.Optional(InText(254, 'E-mail address, `operator` or `system`')),
      request_id: Type.Optional(InText(64, 'An X-Request-Id')),
      from: Type.Optional(InMoment('Not before')),
      until: Type.Optional(InMoment('Before')),
    },
    reply: Type.Object({
      audit: Type.Array(
        Type.Object({
          id: Id,
          at: Moment,
          event: Type.String(),
          description: Type.String(),
          detail: Type.Unknown({ description: 'What of it machines may want to know' }),
          client_id: IdOrNull,
          staff_id: IdOrNull,
          actor: Type.String(),
          address: Type.String(),
          request_id: Type.String(),
        }),
      ),
      next: Next,
    }),
    access: staffWith('audit'),
    examples: [
      {
        request: { event: 'credit.' },
        reply: {
          audit: [
            {
              id: '90210',
              at: '2026-11-22T09:24:28Z',
              event: 'credit.add',
              description: 'Credit: Sorry for the outage of 12 November',
              detail: { amount_minor: '1000', currency: 'EUR' },
              client_id: '1007',
              staff_id: '301',
              actor: 'ada@example.net',
              address: '192.0.2.10',
              request_id: '0b6c1f0e-6d1c-4a5e-9f6e-0a7a8f2d1c55',
            },
          ],
          next: '90210',
        },
      },
    ],
  }),
  auditMoney: op({
    id: 'staff.audit.auditMoney',
    method: 'GET',
    path: '/audit/money',
    summary: 'Prove that the money adds up',
    description:
      'Runs all checks of `innkeeper audit money` over all there is: entries balance, invoices equal their lines and postings, numbers have no gaps, no period is billed twice. Each finding names the row to look at.',
    reply: Type.Object({
      findings: Type.Array(Type.Object({ check: Type.String(), id: Id, what: Type.String(), client_id: IdOrNull })),
      sound: Type.Boolean(),
    }),
    access: staffWith('audit'),
    examples: [{ reply: { findings: [], sound: true } }],
  }),
}
