import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../../../test/billing.ts'
import { addCredit, applyCredit, auditMoney } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp()
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

test('twenty applications at once never spend more than there is', async () => {
  const accountId = await app.account(1000n)
  const refs = await Promise.all(Array.from({ length: 5 }, () => app.invoiceOf(accountId)))
  const applied = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      app.run((ctx, tx) => applyCredit(ctx, tx, { accountId, invoiceId: refs[n % 5]?.id ?? '', amountMinor: 150n })),
    ),
  )
  expect(applied.filter(one => one.status === 'fulfilled')).toHaveLength(6)
  for (const one of applied)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'insufficient_credit' })
  expect(await app.creditNow(accountId)).toBe(100n)
})

test('twenty applications at once never pay more than is due', async () => {
  const accountId = await app.account(100_000n)
  const ref = await app.invoiceOf(accountId)
  await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      app.run((ctx, tx) => applyCredit(ctx, tx, { accountId, invoiceId: ref.id, amountMinor: 400n })),
    ),
  )
  expect(await app.rowOf(ref)).toMatchObject({ credit_minor: '2400', due_minor: '80', status: 'Unpaid' })
  expect(await app.run((ctx, tx) => applyCredit(ctx, tx, { accountId, invoiceId: ref.id }))).toMatchObject({
    appliedMinor: 80n,
    status: 'Paid',
  })
  expect(await app.creditNow(accountId)).toBe(100_000n - 2480n)
})

test('without an amount it takes what there is', async () => {
  const accountId = await app.account(30n)
  const { id: invoiceId } = await app.invoiceOf(accountId)
  const apply = () => app.run((ctx, tx) => applyCredit(ctx, tx, { accountId, invoiceId }))
  expect(await apply()).toMatchObject({ appliedMinor: 30n, status: 'Unpaid' })
  await expect(apply()).rejects.toMatchObject({ code: 'insufficient_credit' })
})

test('credit is added once for a key, and never taken below nothing', async () => {
  const accountId = await app.account()
  const credit = { accountId, amountMinor: 100n, currency: 'EUR', description: 'Gift' }
  const add = (more: object) => app.run((ctx, tx) => addCredit(ctx, tx, { ...credit, key: 'once', ...more }))
  expect((await Promise.all([add({}), add({}), add({})])).filter(Boolean)).toHaveLength(1)
  await expect(add({ key: 'less', amountMinor: -101n })).rejects.toMatchObject({ code: 'insufficient_credit' })
  expect(await add({ key: 'back', amountMinor: -100n })).toBe(true)
  expect(await add({ key: 'back', amountMinor: -100n })).toBe(false)
  expect(await app.creditNow(accountId)).toBe(0n)
})
