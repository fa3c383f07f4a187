import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import type { InvoiceRef } from '../../context.ts'
import { runSql } from '../../db/database.ts'
import { auditMoney } from '../billing/index.ts'
import { lookAtPayment } from './book-payment.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { processEvent, receiveEvent } from './receive-event.ts'

let app: PaymentsApp
beforeAll(async () => {
  app = await paymentsApp()
  app.stripe.money.captureLate()
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

/** An invoice that a card has paid, and the payment's name at the gateway. */
async function paid(): Promise<InvoiceRef & { readonly intent: string }> {
  const ref = await app.debtor()
  expect(await app.act(ctx => chargeInvoice(ctx, ref))).toEqual({ state: 'paid', status: 'Paid' })
  const row = app.db.selectFrom('payment').select('external_id').where('invoice_id', '=', ref.id)
  return { ...ref, intent: (await row.executeTakeFirstOrThrow()).external_id }
}

const books = async ({ id }: InvoiceRef) => ({
  fees: await runSql(
    app.db,
    `select sum(amount_minor) filter (where ledger = 'fees') as fees,
       sum(amount_minor) filter (where ledger = 'clearing:stripe') as clearing,
       (select fee_minor from payment where invoice_id = $1) as said,
       (select count(*) from audit where event = 'payment.fee' and detail->>'invoice' = $1::text) as audited
     from ledger_posting where invoice_id = $1`,
    [id],
  ),
})
const known = { fees: [{ fees: '62', clearing: '2418', said: '62', audited: '1' }] }

test('a fee that is known only after the payment was booked is booked once, when the gateway tells', async () => {
  const ref = await paid()
  expect(await books(ref)).toEqual({ fees: [{ fees: null, clearing: '2480', said: '0', audited: '0' }] })
  app.stripe.money.settle(app.stripe.object(ref.intent, 'payment_intent'))
  const updated = app.stripe.events.all.at(-1) ?? {}
  for (const id of ['evt_settled', 'evt_again']) {
    const event = { ...app.stripe.events.sign({ ...updated, id }), at: app.at.now() }
    await receiveEvent(app, 'stripe', event)
    await app.act(ctx => processEvent(ctx, 'stripe', id))
  }
  expect(await books(ref)).toEqual(known)
  expect(await auditMoney(app.db)).toEqual([])
})

test('where no delivery comes, a job that was written down with the payment looks for it', async () => {
  const ref = await paid()
  app.stripe.money.settle(app.stripe.object(ref.intent, 'payment_intent'))
  const jobs = await runSql(app.db, 'select task_identifier as name from graphile_worker.jobs where key = $1', [
    `payments.look:stripe:${ref.intent}`,
  ])
  expect(jobs).toEqual([{ name: 'payments.look' }])
  const look = () => app.act(ctx => lookAtPayment(ctx, 'stripe', ref.intent))
  await Promise.all([look(), look()])
  await look()
  expect(await books(ref)).toEqual(known)
})
