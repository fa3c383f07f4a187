import { Type } from 'typebox'
import { op, signedIn } from '../op.ts'
import { DateTime, Id, InId, OneOf, Page, paging } from '../wire.ts'

const stages = [
  'Scheduled',
  'InProgress',
  'ResolvedFaultIssue',
  'CompletedMaintenance',
  'Finished',
  'Cancelled',
] as const
const Stage = OneOf(stages)

const status = {
  id: Id,
  title: Type.String(),
  status: Stage,
  type: OneOf(['Maintenance', 'Fault']),
  date: DateTime,
  date_end: DateTime,
  services: Type.Array(Id, { description: 'Ids of your services it touches' }),
}
const Update = Type.Object({ date: DateTime, status: Stage, body: Type.String() })

const exampleStatus = {
  id: '14',
  title: 'Storage upgrade in hall 2',
  status: 'InProgress',
  type: 'Maintenance',
  date: '2026-11-02 01:00:00',
  date_end: '2026-11-02 04:00:00',
  services: ['318', '332'],
}

/** Planned work and faults. */
export const statuses = {
  listStatuses: op({
    id: 'statuses.listStatuses',
    method: 'GET',
    path: '/statuses',
    summary: 'Maintenance and faults',
    description: 'Planned works and faults that concern you, the latest first.',
    input: { status: Type.Optional(OneOf(stages, 'Only those at this stage')), ...paging },
    reply: Type.Object({ statuses: Type.Array(Type.Object(status)), page: Type.Optional(Page) }),
    access: signedIn,
    examples: [{ request: { status: 'InProgress' }, reply: { statuses: [exampleStatus] } }],
    documents: 'SX',
  }),
  getStatus: op({
    id: 'statuses.getStatus',
    method: 'PUT',
    alsoMethods: ['GET'],
    path: '/statuses/{id}',
    summary: 'One maintenance or fault',
    description:
      'With everything reported about it so far. It only reads, although its documented method is PUT; GET is taken too.',
    input: { id: InId },
    reply: Type.Object({ status: Type.Object({ ...status, updates: Type.Array(Update) }) }),
    access: signedIn,
    errors: ['not_found'],
    examples: [
      {
        request: { id: '14' },
        reply: {
          status: {
            ...exampleStatus,
            updates: [
              { date: '2026-10-26 12:00:00', status: 'Scheduled', body: 'Disks are exchanged at night.' },
              { date: '2026-11-02 01:04:00', status: 'InProgress', body: 'The work has begun.' },
            ],
          },
        },
      },
    ],
    documents: 'SX',
  }),
}
