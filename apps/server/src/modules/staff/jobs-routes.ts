import type { StaffContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { discardJob, listJobs, retryJob } from '../../jobs/index.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { pageOf, sliceOf } from './listing.ts'
import { wireMoment } from './wire.ts'

export const jobsHandlers: StaffModuleHandlers<'jobs'> = {
  async listJobs(ctx, input) {
    const slice = sliceOf(input)
    const { shown, next } = pageOf(await listJobs(ctx.db, input, slice), slice)
    return {
      jobs: shown.map(job => ({
        id: job.id,
        name: job.name,
        state: job.state,
        attempts: job.attempts,
        max_attempts: job.maxAttempts,
        error: job.error,
        created_at: job.createdAt.toISOString(),
        run_at: job.runAt.toISOString(),
        last_attempt_at: wireMoment(job.lastAttemptAt),
      })),
      next,
    }
  },
  async retryJob(ctx, { id }) {
    await change(ctx, id, retryJob, { event: 'job.retry', description: `Ran dead job ${id} again` })
    return { info: ['job_retried'] }
  },
  async deleteJob(ctx, { id }) {
    await change(ctx, id, discardJob, { event: 'job.delete', description: `Deleted dead job ${id}` })
    return { info: ['job_deleted'] }
  },
}

async function change(
  ctx: StaffContext,
  id: string,
  act: (tx: Tx, id: string) => Promise<boolean>,
  happening: { readonly event: string; readonly description: string },
): Promise<void> {
  const tx = await ctx.begin()
  if (!(await act(tx, id))) throw notFound()
  await audit(ctx, tx, { ...happening, detail: { job: id }, accountId: null })
}
