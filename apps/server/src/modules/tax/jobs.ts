import { euVatPrefixes } from '@innkeeper/money'
import { Type } from 'typebox'
import type { App } from '../../context.ts'
import { enqueueAll, job, type Schedule } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { checkVatNumberKind } from './vat-check.ts'
import { accountsToCheck } from './vat-check-store.ts'

/** More than this at once would only meet the limits of the register; the next run takes the others. */
const atOnce = 500

/** Numbers that were never asked about, had no answer, or were asked about long ago. */
async function checkDueNumbers(app: App): Promise<void> {
  await asSystem(app, async ctx => {
    const accounts = await accountsToCheck(ctx.db, {
      at: ctx.business.now(),
      prefixes: euVatPrefixes,
      limit: atOnce,
    })
    if (accounts.length === 0) return
    const jobs = accounts.map(accountId => ({ payload: { accountId }, key: accountId }))
    await enqueueAll(await ctx.begin(), checkVatNumberKind, jobs)
  })
}

const checkVatNumbers = job({
  name: 'tax.check-vat-numbers',
  payload: Type.Object({}),
  maxAttempts: 3,
  run: checkDueNumbers,
})

/** What taxes need by the clock. */
export const taxSchedules: readonly Schedule[] = [{ cron: '*/5 * * * *', job: checkVatNumbers }]
