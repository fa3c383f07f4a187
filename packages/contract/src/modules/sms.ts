import { Type } from 'typebox'
import { needs, op } from '../op.ts'
import { DateTime, Id, InText, Money, OneOf, Page, paging } from '../wire.ts'

const Parts = Type.Integer({ description: 'Messages the text was split into' })

/** Text messages. */
export const sms = {
  getBilling: op({
    id: 'sms.getBilling',
    method: 'GET',
    path: '/sms/billing',
    summary: 'Credit for text messages',
    reply: Type.Object({
      billing: Type.Object({
        currency: Type.String({ description: 'ISO 4217' }),
        credit: Money,
        spent: Type.String({ description: 'Decimal amount, this month' }),
        price_per_part: Money,
      }),
    }),
    access: needs('misc', 'sms'),
    examples: [{ reply: { billing: { currency: 'EUR', credit: '18.40', spent: '1.60', price_per_part: '0.08' } } }],
    documents: 'P',
  }),
  listMessages: op({
    id: 'sms.listMessages',
    method: 'GET',
    path: '/sms/history',
    summary: 'Text messages sent',
    description: 'Newest first.',
    input: paging,
    reply: Type.Object({
      messages: Type.Array(
        Type.Object({
          id: Id,
          to: Type.String(),
          from: Type.String(),
          text: Type.String(),
          parts: Parts,
          status: OneOf(['queued', 'sent', 'delivered', 'failed']),
          price: Money,
          date: DateTime,
        }),
      ),
      page: Type.Optional(Page),
    }),
    access: needs('misc', 'sms'),
    examples: [
      {
        reply: {
          messages: [
            {
              id: '77',
              to: '+3725550100',
              from: 'Example',
              text: 'Your parcel waits at the harbour.',
              parts: 1,
              status: 'delivered',
              price: '0.08',
              date: '2026-10-30 10:00:04',
            },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  sendMessage: op({
    id: 'sms.sendMessage',
    method: 'POST',
    path: '/sms/send',
    summary: 'Send a text message',
    description: 'A text longer than one message is sent in parts, each of which is paid.',
    input: {
      to: InText(20, 'Number in international form, e.g. +3725550100'),
      from: InText(20, 'At most 11 letters and digits, or a number of yours'),
      // Not required by the schema, so that a missing one is refused with the code that clients know.
      text: Type.Optional(InText(1530, 'Needed; `empty_message` without it')),
    },
    reply: Type.Object({ message_id: Id, parts: Parts, price: Money }),
    access: needs('misc', 'sms'),
    errors: ['insufficient_credit', 'empty_message', 'upstream_error', 'upstream_timeout'],
    examples: [
      {
        request: { to: '+3725550100', from: 'Example', text: 'Your parcel waits at the harbour.' },
        reply: { success: true, message_id: '77', parts: 1, price: '0.08' },
      },
    ],
    documents: 'P',
  }),
}
