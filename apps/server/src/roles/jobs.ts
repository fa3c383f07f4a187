import type pg from 'pg'
import type { App } from '../context.ts'
import { startWorker } from '../jobs/index.ts'
import type { ProvisionerName } from '../modules/catalog/index.ts'
import { deleteServiceZones } from '../modules/dns/index.ts'
import { openMail, sendMailJob } from '../modules/mail/index.ts'
import { paymentJobs } from '../modules/payments/index.ts'
import { dnsProvisioner, manual, none, type Provisioner, provisionJob } from '../modules/services/index.ts'
import { checkVatNumberJob, openVatRegister } from '../modules/tax/index.ts'
import { correctTaxJob } from '../modules/tax-corrections/index.ts'
import type { Running } from '../running.ts'
import { schedules } from '../schedules.ts'

/** Who makes what services consist of, by the names that the catalogue knows them by. */
const provisioners: Readonly<Record<ProvisionerName, Provisioner>> = {
  none,
  manual,
  dns: dnsProvisioner({ deleteZones: deleteServiceZones }),
}

/** Runs the jobs of all modules. */
export async function startJobs(app: App, connection: pg.PoolConfig): Promise<Running> {
  const mail = openMail(app.config)
  const vat = openVatRegister(app.config)
  const taxJobs = [checkVatNumberJob(vat), correctTaxJob]
  const work = [sendMailJob(mail), ...taxJobs, provisionJob(provisioners), ...paymentJobs]
  const worker = await startWorker(app, connection, work, schedules)
  return {
    async stop() {
      await worker.stop()
      await vat.close()
      await mail.close()
    },
  }
}
