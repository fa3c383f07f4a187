import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, Info, InId, InText, OneOf } from '../wire.ts'
import { listing, Moment, MomentOrNull, Next } from './wire.ts'

/** Work that is done outside of requests. */
export const jobs = {
  listJobs: op({
    id: 'staff.jobs.listJobs',
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs',
    description:
      '`waiting` ones run at `run_at`, `running` ones now; `dead` ones have used up their attempts and wait for a person. Done ones are gone. What they are about is not shown: it may be confidential.',
    input: {
      ...listing,
      state: Type.Optional(OneOf(['dead', 'waiting', 'running'])),
      name: Type.Optional(InText(100, 'Such as mail.send')),
    },
    reply: Type.Object({
      jobs: Type.Array(
        Type.Object({
          id: Id,
          name: Type.String(),
          state: OneOf(['dead', 'waiting', 'running']),
          attempts: Type.Integer(),
          max_attempts: Type.Integer(),
          error: Type.String({ description: 'Of the last attempt; empty where none has failed' }),
          created_at: Moment,
          run_at: Moment,
          last_attempt_at: MomentOrNull,
        }),
      ),
      next: Next,
    }),
    access: staffWith('read'),
    examples: [
      {
        request: { state: 'dead' },
        reply: {
          jobs: [
            {
              id: '814',
              name: 'mail.send',
              state: 'dead',
              attempts: 12,
              max_attempts: 12,
              error: 'connect ECONNREFUSED 192.0.2.25:25',
              created_at: '2026-11-21T10:00:00Z',
              run_at: '2026-11-22T09:24:28Z',
              last_attempt_at: '2026-11-22T09:24:28Z',
            },
          ],
          next: null,
        },
      },
    ],
  }),
  retryJob: op({
    id: 'staff.jobs.retryJob',
    method: 'POST',
    path: '/jobs/{id}/retry',
    summary: 'Run a dead job again',
    description: 'At once, with as many attempts as it has had.',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('jobs'),
    errors: ['not_found'],
    examples: [{ request: { id: '814' }, reply: { info: ['job_retried'] } }],
  }),
  deleteJob: op({
    id: 'staff.jobs.deleteJob',
    method: 'DELETE',
    path: '/jobs/{id}',
    summary: 'Delete a dead job',
    description: 'What it was to do is never done. Jobs that still wait are not deleted.',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('jobs'),
    errors: ['not_found'],
    examples: [{ request: { id: '814' }, reply: { info: ['job_deleted'] } }],
  }),
}
