import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { DateTime, Id, Info, Page, paging } from '../wire.ts'
import { Client, exampleAddress, exampleClient, InPerson, InSignIn } from './person.ts'

/** Who the customer is, and what happened in the account. */
export const account = {
  getDetails: op({
    id: 'account.getDetails',
    method: 'GET',
    path: '/details',
    summary: 'Your account',
    reply: Type.Object({ client: Client }),
    access: signedIn,
    examples: [{ reply: { client: exampleClient } }],
    documents: 'IPD',
  }),
  updateDetails: op({
    id: 'account.updateDetails',
    method: 'PUT',
    path: '/details',
    summary: 'Change your account',
    description:
      'Changes the fields that are sent and leaves the others. `2faenable` with `2fasecret` turns the second factor on.',
    input: { ...InPerson, ...InSignIn },
    reply: Type.Object({ client: Client, info: Info }),
    access: needs('misc', 'editmain'),
    errors: ['useralreadyexistsemail_error'],
    examples: [
      {
        request: { address1: 'Harbour Street 7', phonenumber: '+372.5550100' },
        reply: {
          client: { ...exampleClient, ...exampleAddress, address1: 'Harbour Street 7' },
          info: ['client_info_updated'],
        },
      },
    ],
    documents: 'P',
  }),
  listLogs: op({
    id: 'account.listLogs',
    method: 'GET',
    path: '/logs',
    summary: 'What happened in your account',
    description: 'The audit trail, newest first.',
    input: paging,
    reply: Type.Object({
      logs: Type.Array(
        Type.Object({
          id: Id,
          date: DateTime,
          description: Type.String(),
          event: Type.String(),
          who: Type.String(),
          ip: Type.String(),
        }),
      ),
      page: Type.Optional(Page),
    }),
    access: needs('misc', 'emails'),
    examples: [
      {
        reply: {
          logs: [
            {
              id: '912',
              date: '2026-10-30 09:24:28',
              description: 'Signed in',
              event: 'auth.login',
              who: 'ada@example.com',
              ip: '192.0.2.10',
            },
          ],
        },
      },
    ],
    documents: 'DSX',
  }),
}
