import { priceCart } from '@innkeeper/money'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import type { InvoiceRef } from '../../context.ts'
import { runSql } from '../../db/database.ts'
import { auditMoney, issueInvoice } from '../billing/index.ts'
import { methodById } from '../payment-methods/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { payInvoice } from './pay-invoice.ts'

let app: PaymentsApp
beforeAll(async () => {
  app = await paymentsApp()
  await app.db
    .updateTable('payment_method')
    .set({ fixed_fees: JSON.stringify({ EUR: 20 }), percent_fee: '1.5' })
    .where('id', '=', app.methods.stripe)
    .execute()
})
afterAll(() => app.close())

/** An account with a card, and its invoice over 20.00 that was made to be paid in that way. */
async function invoiceFor(methodId: string): Promise<InvoiceRef & { readonly email: string }> {
  const { accountId, email } = await app.debtor()
  const issued = await app.run(async (ctx, tx) => {
    const fee = (await methodById(tx, methodId, 'EUR'))?.fee
    const charges = [{ label: 'Hosting', quantity: 1, unitMinor: 2000n, setupMinor: 0n }]
    const line = {
      key: '1',
      type: 'Hosting' as const,
      description: 'Hosting',
      cycle: 'm' as const,
      charges,
      taxed: true,
    }
    const tax = await taxTreatment(ctx, tx, accountId)
    const cart = { currency: { code: 'EUR', exponent: 2 as const }, lines: [line], tax, ...(fee && { fee }) }
    return issueInvoice(ctx, tx, { accountId, priced: priceCart(cart), paymentMethodId: methodId })
  })
  return { id: issued.id, accountId, email }
}

const pay = ({ accountId, id, email }: InvoiceRef & { readonly email: string }, payMethod: string) =>
  app.act(ctx => {
    const identity = { accountId, profileId: '1', email, owner: true, privileges: {}, via: 'session' } as const
    return payInvoice({ ...ctx, identity }, { invoiceId: id, payMethod, saveCard: false })
  })

const lines = ({ id }: InvoiceRef) =>
  runSql<{ item: string; amount: string }>(
    app.db,
    'select item_id::text as item, amount_minor::text as amount from invoice_line where invoice_id = $1 order by position',
    [id],
  )

describe('the fee of paying is fixed when the invoice is made, for the method it is made for', () => {
  test('paid otherwise, one without a fee bears none, and no more is charged than is due', async () => {
    const ref = await invoiceFor(app.methods.bank)
    expect((await pay(ref, app.methods.stripe)).status).toBe('Paid')
    expect(await app.booked(ref)).toEqual(['payment 2000'])
    expect(await lines(ref)).toEqual([{ item: '0', amount: '2000' }])
  })

  test('paid otherwise, one with a fee keeps it', async () => {
    const ref = await invoiceFor(app.methods.stripe)
    expect((await pay(ref, app.methods.bank)).transfer?.amount).toBe('20.50')
    expect(await lines(ref)).toEqual([
      { item: '0', amount: '2000' },
      { item: '-2', amount: '50' },
    ])
  })

  test('a fee that is changed later is that of later invoices', async () => {
    const ref = await invoiceFor(app.methods.stripe)
    await app.db.updateTable('payment_method').set({ percent_fee: '3' }).where('id', '=', app.methods.stripe).execute()
    const charged = await app.act(ctx => chargeInvoice(ctx, ref))
    expect(charged).toEqual({ state: 'paid', status: 'Paid' })
    expect(await app.booked(ref)).toEqual(['payment 2050'])
    expect(await auditMoney(app.db)).toEqual([])
  })
})
