import { listDeadJobs, retryJob } from '../jobs/index.ts'
import { type Command, UsageError } from './command.ts'
import { withApp } from './with-app.ts'

export const jobs: Command = {
  usage: 'jobs [--retry ID]',
  summary: 'Jobs that were given up, with their last error; --retry runs one again',
  flags: { retry: 'value' },
  run: call =>
    withApp(call, async app => {
      const { retry } = call.flags
      if (typeof retry === 'string') {
        if (!(await retryJob(app.db, retry))) throw new UsageError(`no dead job ${retry}`)
        process.stdout.write(`Job ${retry} runs again.\n`)
        return
      }
      for (const job of await listDeadJobs(app.db)) process.stdout.write(`${JSON.stringify(job)}\n`)
    }),
}
