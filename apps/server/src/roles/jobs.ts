import type pg from 'pg'
import type { App } from '../context.ts'
import { startWorker } from '../jobs/index.ts'
import { openMail, sendMailJob } from '../modules/mail/index.ts'
import { checkVatNumberJob, openVatRegister } from '../modules/tax/index.ts'
import type { Running } from '../running.ts'
import { schedules } from '../schedules.ts'

/** Runs the jobs of all modules. */
export async function startJobs(app: App, connection: pg.PoolConfig): Promise<Running> {
  const mail = openMail(app.config)
  const vat = openVatRegister(app.config)
  const worker = await startWorker(app, connection, [sendMailJob(mail), checkVatNumberJob(vat)], schedules)
  return {
    async stop() {
      await worker.stop()
      await vat.close()
      await mail.close()
    },
  }
}
