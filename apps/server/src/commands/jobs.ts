import { listDeadJobs, retryJob } from '../jobs/index.ts'
import { type Command, UsageError } from './command.ts'
import { withApp } from './with-app.ts'

export const jobs: Command = {
  usage: 'jobs [--retry ID]',
  summary: 'Jobs that were given up, with their last error; --retry runs one again',
  flags: { retry: 'value' },
  async run(call) {
    const { retry } = call.flags
    if (retry !== undefined && !/^\d{1,18}$/.test(String(retry)))
      throw new UsageError('--retry takes the id of a job, a number; `innkeeper jobs` shows them')
    return withApp(call, async app => {
      if (typeof retry === 'string') {
        if (!(await retryJob(app.db, retry))) throw new UsageError(`no dead job ${retry}`)
        process.stdout.write(`Job ${retry} runs again.\n`)
        return
      }
      for (const job of await listDeadJobs(app.db)) process.stdout.write(`${JSON.stringify(job)}\n`)
    })
  },
}
