import { Type } from 'typebox'
import { op, signedIn } from '../op.ts'
import { DateTime, Flag, Id, InId, InText, Page, paging } from '../wire.ts'

const Notification = Type.Object({
  id: Id,
  seen: Flag,
  subject: Type.String(),
  body: Type.String(),
  date_added: DateTime,
  rel_type: Type.String({ description: 'What it is about: Hosting, Domain, Invoice, Ticket; empty for the account' }),
  rel_id: Type.String({ description: 'Its id; "0" for the account' }),
})
const NotificationList = Type.Object({ notifications: Type.Array(Notification), page: Type.Optional(Page) })

const about = {
  rel_type: Type.Optional(InText(40, 'Only those about this kind of thing')),
  rel_id: Type.Optional(InText(20, 'Only those about the thing with this id')),
}

const exampleNotifications = [
  {
    id: '81',
    seen: '0',
    subject: 'Maintenance of your server',
    body: 'Your server restarts on Sunday at 03:00 for a new kernel.',
    date_added: '2026-10-28 08:00:00',
    rel_type: 'Hosting',
    rel_id: '332',
  },
  {
    id: '77',
    seen: '1',
    subject: 'Invoice 2026/10/4',
    body: 'A new invoice is ready and due on 14 October.',
    date_added: '2026-10-01 06:30:00',
    rel_type: 'Invoice',
    rel_id: '5104',
  },
]

/** Messages the provider has for the customer. */
export const notifications = {
  listNotifications: op({
    id: 'notifications.listNotifications',
    method: 'GET',
    path: '/notifications',
    summary: 'Notifications',
    description: 'Everything you were notified of, newest first.',
    input: { ...about, ...paging },
    reply: NotificationList,
    access: signedIn,
    examples: [{ reply: { notifications: exampleNotifications } }],
    documents: 'P',
  }),
  listNewNotifications: op({
    id: 'notifications.listNewNotifications',
    method: 'GET',
    path: '/notifications/new',
    summary: 'Notifications not seen yet',
    input: { ...about, ...paging },
    reply: NotificationList,
    access: signedIn,
    examples: [
      {
        request: { rel_type: 'Hosting', rel_id: '332' },
        reply: { notifications: exampleNotifications.slice(0, 1) },
      },
    ],
    documents: 'P',
  }),
  acknowledgeNotification: op({
    id: 'notifications.acknowledgeNotification',
    method: 'PUT',
    path: '/notifications/{id}/ack',
    summary: 'Mark a notification as seen',
    description: 'Marking it again changes nothing.',
    input: { id: InId },
    reply: Type.Object({}),
    access: signedIn,
    errors: ['not_found'],
    examples: [{ request: { id: '81' }, reply: { success: true } }],
    documents: 'P',
  }),
}
