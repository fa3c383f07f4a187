import type { VatAnswer, VatDriver } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import type { Job } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { audit } from '../audit/index.ts'
import { checkVatNumberKind, nextCheckAt, registeredForm } from './vat-check.ts'
import { checksOf, insertVatCheck, type KnownChecks } from './vat-check-store.ts'

/** The job behind checkVatNumberSoon, for the worker. It asks only if it is time to. */
export function checkVatNumberJob(driver: VatDriver): Job<{ readonly accountId: string }> {
  return {
    ...checkVatNumberKind,
    async run(app, { accountId }, { log }) {
      const known = await checksOf(app.db, accountId)
      const number = known === undefined ? undefined : registeredForm(known.vatNumber)
      if (known === undefined || number === undefined) return
      if (known.nextCheckAt !== null && known.nextCheckAt > app.business.now()) return
      const answer = await driver.check(number)
      if (answer.state === 'unknown') log.warn({ error: answer.error }, answer.message)
      await keepAnswer(app, accountId, known, answer)
    },
  }
}

/** Writes down what the register said, and lets invoices be corrected if a number turns out valid that nobody could check before. */
async function keepAnswer(app: App, accountId: string, known: KnownChecks, answer: VatAnswer): Promise<void> {
  const { vatNumber } = known
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    const at = ctx.business.now()
    const tries = answer.state === 'unknown' ? known.tries + 1 : 0
    await insertVatCheck(tx, {
      account_id: accountId,
      vat_number: vatNumber,
      state: answer.state,
      error: answer.state === 'unknown' ? answer.error : null,
      consultation_number: answer.state === 'unknown' ? null : (answer.consultationNumber ?? null),
      name: answer.state === 'valid' ? (answer.name ?? null) : null,
      address: answer.state === 'valid' ? (answer.address ?? null) : null,
      checked_at: at,
      next_check_at: nextCheckAt(at, answer.state, tries),
    })
    if (answer.state !== known.state) {
      await audit(ctx, tx, {
        event: 'tax.vat_check',
        description: `VAT number ${vatNumber} is ${answer.state}`,
        detail: { vatNumber, state: answer.state, before: known.state },
        accountId,
      })
    }
    // What was invoiced while a number was known to be wrong stays as it is.
    if (answer.state === 'valid' && !known.everInvalid)
      await ctx.effects.vatConfirmed(ctx, tx, { accountId, vatNumber })
  })
}
