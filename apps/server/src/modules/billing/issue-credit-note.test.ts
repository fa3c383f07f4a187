import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../../../test/billing.ts'
import type { InvoiceRef } from '../../context.ts'
import { auditMoney, documentOf, issueCreditNote } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 5 })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

describe('credit notes', () => {
  test('of a paid invoice become credit, and of all of it make it Refunded', async () => {
    const ref = await app.invoiceOf(await app.account(), [1000n, 500n])
    await app.pay(ref, 1860n)
    const [first] = await app.db
      .selectFrom('invoice_line')
      .select('id')
      .where('invoice_id', '=', ref.id)
      .orderBy('id')
      .execute()
    const credit = (lines: 'all' | { lineId: string; netMinor: bigint }[]) =>
      app.run((ctx, tx) => issueCreditNote(ctx, tx, { invoiceId: ref.id, lines, payOut: 'credit', reason: 'Outage' }))
    const part = await credit([{ lineId: first?.id ?? '', netMinor: 333n }])
    expect(part).toMatchObject({ number: expect.stringContaining('C2026/'), totalMinor: 413n, status: 'Paid' })
    expect(await credit('all')).toMatchObject({ totalMinor: 1447n, status: 'Refunded' })
    expect(await app.creditNow(ref.accountId)).toBe(1860n)
    await expect(credit('all')).rejects.toMatchObject({ code: 'conflict' })
    const { document } = await documentOf(app, app.db, ref.accountId, part.id)
    expect(document).toMatchObject({
      kind: 'credit_note',
      corrects: { number: (await app.rowOf(ref)).number },
      dueOn: null,
    })
  })

  test('take off what is due first, and close what is then paid', async () => {
    const ref = await app.invoiceOf(await app.account(), [1000n, 500n])
    await app.pay(ref, 1240n)
    const lines = await app.db
      .selectFrom('invoice_line')
      .select('id')
      .where('invoice_id', '=', ref.id)
      .orderBy('id')
      .execute()
    const note = { invoiceId: ref.id, lines: [{ lineId: lines[1]?.id ?? '', netMinor: 500n }], reason: 'Not delivered' }
    const { status } = await app.run((ctx, tx) => issueCreditNote(ctx, tx, { ...note, payOut: 'credit' }))
    expect(status).toBe('Paid')
    expect(await app.creditNow(ref.accountId)).toBe(0n)
    expect(app.happened).toContain(`paid ${ref.id}`)
  })

  test('of tax alone stand beside the same lines without tax', async () => {
    const ref = await app.invoiceOf(await app.account(), [1000n, 500n])
    await app.pay(ref, 1860n)
    const note = {
      invoiceId: ref.id,
      lines: 'all',
      payOut: 'credit',
      reason: 'VAT number found valid',
      taxOnly: true,
    } as const
    const { id, totalMinor } = await app.run((ctx, tx) => issueCreditNote(ctx, tx, note))
    expect(totalMinor).toBe(360n)
    const { document } = await documentOf(app, app.db, ref.accountId, id)
    expect(document.taxes).toMatchObject([
      { category: 'S', baseMinor: 1500n, taxMinor: 360n },
      { category: 'AE', reason: 'Reverse charge', baseMinor: -1500n, taxMinor: 0n },
    ])
    const again = app.run((ctx, tx) => issueCreditNote(ctx, tx, note))
    await expect(again).rejects.toMatchObject({ detail: { fields: { lines: expect.anything() } } })
  })

  test('of more than is left, of a line of another invoice, or of a document that is none are refused', async () => {
    const accountId = await app.account()
    const [ref, other] = [await app.invoiceOf(accountId), await app.invoiceOf(accountId)]
    await app.pay(ref, 2480n)
    const lineOf = async ({ id }: InvoiceRef) =>
      (await app.db.selectFrom('invoice_line').select('id').where('invoice_id', '=', id).executeTakeFirstOrThrow()).id
    const credit = (invoiceId: string, lineId: string, netMinor: bigint) =>
      app.run((ctx, tx) =>
        issueCreditNote(ctx, tx, { invoiceId, lines: [{ lineId, netMinor }], payOut: 'credit', reason: 'Outage' }),
      )
    const wrongLines = { detail: { fields: { lines: expect.anything() } } }
    await expect(credit(ref.id, await lineOf(ref), 2001n)).rejects.toMatchObject(wrongLines)
    await expect(credit(ref.id, await lineOf(ref), -1n)).rejects.toMatchObject(wrongLines)
    await expect(credit(ref.id, await lineOf(other), 1n)).rejects.toMatchObject(wrongLines)
    const { id: noteId } = await credit(ref.id, await lineOf(ref), 1000n)
    await expect(credit(noteId, await lineOf(ref), 1n)).rejects.toMatchObject({ code: 'conflict' })
  })
})
