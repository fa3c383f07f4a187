import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { DateTime, Flag, Id, Info, InIdOf, InText, OneOf, Page, paging, StatusTrue } from '../wire.ts'

const TicketStatus = OneOf(['Open', 'Answered', 'Client-Reply', 'In-Progress', 'Closed'])
/** Long enough for a pasted log file. */
const maxMessage = 100_000

// Not required by the schema, so that a missing one is refused with the code that clients know.
const InSubject = Type.Optional(InText(255, 'Needed; `empty_subject_line` without it'))
const InMessage = Type.Optional(InText(maxMessage, 'Needed; `empty_message` without it'))

const heading = {
  client_read: Flag,
  ticket_number: Type.String({ description: 'Number of the ticket, as all operations take it' }),
  date: DateTime,
  deptname: Type.String(),
  subject: Type.String(),
  status: TicketStatus,
}
const Ticket = Type.Object({ ...heading, name: Type.String(), email: Type.String(), body: Type.String() })
const Reply = Type.Object({
  id: Id,
  name: Type.String(),
  date: DateTime,
  body: Type.String(),
  status: OneOf(['Sent', 'Draft']),
  type: OneOf(['Admin', 'Client'], 'Who wrote it'),
})

const exampleHeading = {
  client_read: '1',
  ticket_number: '402118',
  date: '2026-10-29 14:05:31',
  deptname: 'Technical',
  subject: 'Mail is slow',
  status: 'Answered',
}

/** Tickets of the customer with the provider's support. */
export const tickets = {
  listTickets: op({
    id: 'support.listTickets',
    method: 'GET',
    path: '/tickets',
    summary: 'Tickets',
    input: paging,
    reply: Type.Object({ tickets: Type.Array(Type.Object(heading)), page: Type.Optional(Page) }),
    access: needs('support', 'tickets'),
    examples: [{ reply: { tickets: [exampleHeading] } }],
    documents: 'PD',
  }),
  getTicket: op({
    id: 'support.getTicket',
    method: 'GET',
    path: '/tickets/{number}',
    summary: 'A ticket and its replies',
    description: 'Reading it marks it as read.',
    input: { number: InIdOf('Number of the ticket') },
    reply: Type.Object({ ticket: Ticket, replies: Type.Array(Reply) }),
    access: needs('support', 'tickets'),
    errors: ['not_found'],
    examples: [
      {
        request: { number: '402118' },
        reply: {
          ticket: {
            ...exampleHeading,
            name: 'Ada Byron',
            email: 'ada@example.com',
            body: 'Since noon it takes a minute to send a letter.',
          },
          replies: [
            {
              id: '611',
              name: 'Linus, support',
              date: '2026-10-29 14:20:02',
              body: 'The queue was full; it is empty again.',
              status: 'Sent',
              type: 'Admin',
            },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  getAttachment: op({
    id: 'support.getAttachment',
    method: 'GET',
    path: '/ticket/attachment/{file}',
    summary: 'A file of a ticket',
    description: 'Answers the bytes of the file, to be saved: never shown by a browser.',
    input: { file: InText(255, 'Name of the file, as the ticket shows it'), number: InIdOf('Number of the ticket') },
    reply: Type.Object({}),
    alsoProduces: ['application/octet-stream'],
    access: needs('support', 'tickets'),
    errors: ['not_found'],
    examples: [{ request: { file: '611-queue.log', number: '402118' }, reply: {} }],
    documents: 'D',
  }),
  createTicket: op({
    id: 'support.createTicket',
    method: 'POST',
    path: '/tickets',
    summary: 'Open a ticket',
    description: 'Files are sent as `multipart/form-data`.',
    input: { dept_id: InIdOf('Id of the department'), subject: InSubject, body: InMessage },
    reply: Type.Object({ ticket: Type.Integer({ description: 'Number of the new ticket' }) }),
    access: needs('support', 'newticket'),
    errors: ['not_found', 'empty_subject_line', 'empty_message'],
    examples: [
      {
        request: { dept_id: '2', subject: 'Mail is slow', body: 'Since noon it takes a minute to send a letter.' },
        reply: { ticket: 402118 },
      },
    ],
    documents: 'D',
  }),
  replyToTicket: op({
    id: 'support.replyToTicket',
    method: 'POST',
    path: '/tickets/{number}',
    summary: 'Reply to a ticket',
    input: { number: InIdOf('Number of the ticket'), body: InMessage },
    reply: Type.Object({ info: Info }),
    access: needs('support', 'tickets'),
    errors: ['not_found', 'empty_message', 'cantreopen'],
    examples: [
      { request: { number: '402118', body: 'Thank you, it is quick again.' }, reply: { info: ['reply_added'] } },
    ],
    documents: 'D',
  }),
  openTicket: op({
    id: 'support.openTicket',
    method: 'PUT',
    path: '/tickets/{number}/open',
    summary: 'Open a closed ticket again',
    input: { number: InIdOf('Number of the ticket') },
    reply: Type.Object({ status: StatusTrue }),
    access: needs('support', 'closeticket'),
    errors: ['not_found', 'cantreopen'],
    examples: [{ request: { number: '402118' }, reply: { status: true } }],
    documents: 'D',
  }),
  closeTicket: op({
    id: 'support.closeTicket',
    method: 'PUT',
    path: '/tickets/{number}/close',
    summary: 'Close a ticket',
    input: { number: InIdOf('Number of the ticket') },
    reply: Type.Object({ status: StatusTrue }),
    access: needs('support', 'closeticket'),
    errors: ['not_found'],
    examples: [{ request: { number: '402118' }, reply: { status: true } }],
    documents: 'D',
  }),
  listDepartments: op({
    id: 'support.listDepartments',
    method: 'GET',
    path: '/ticket/departments',
    summary: 'Departments',
    description: 'Those you may open tickets with; the id is what a new ticket takes as `dept_id`.',
    reply: Type.Object({
      departments: Type.Array(Type.Object({ id: Id, name: Type.String(), description: Type.String() })),
    }),
    access: signedIn,
    examples: [
      { reply: { departments: [{ id: '2', name: 'Technical', description: 'Servers, mail and name service' }] } },
    ],
    documents: 'D',
  }),
}
