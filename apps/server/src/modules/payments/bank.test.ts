import { creditorReference, printedReference } from '@innkeeper/drivers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import type { InvoiceRef } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { auditMoney, creditOf, issueCreditNote, voidInvoice } from '../billing/index.ts'
import { ignoreTransaction, importStatement, matchTransaction } from './index.ts'

let app: PaymentsApp
beforeAll(async () => {
  app = await paymentsApp()
})
afterAll(() => app.close())

interface Row {
  readonly amount: string
  readonly reference?: string
  readonly payer?: string
  readonly id?: string
  readonly currency?: string
  readonly date?: string
}
const statement = (rows: readonly Row[]) =>
  Buffer.from(
    [
      'date,amount,currency,payer,reference,id',
      ...rows.map(
        ({ amount, reference = '', payer = '', id = '', currency = 'EUR', date = '2026-01-20' }) =>
          `${date},${amount},${currency},"${payer}","${reference}",${id}`,
      ),
    ].join('\n'),
  )
const bring = async (...rows: readonly Row[]) => {
  const entries = await app.act(ctx => importStatement(ctx, statement(rows)))
  return entries.map(({ state, reason }) => [state, reason].filter(Boolean).join(' '))
}
const referenceOf = ({ id }: InvoiceRef) => printedReference(creditorReference(id))
let counter = 0
const freshId = () => `B-${++counter}`

async function numberOf({ id }: InvoiceRef): Promise<string> {
  const row = await app.db.selectFrom('invoice').select('number').where('id', '=', id).executeTakeFirstOrThrow()
  return row.number ?? ''
}
/** The name that invoices of an account are made out to. */
async function named(firstname: string): Promise<InvoiceRef> {
  const { accountId } = await app.debtor('none')
  await app.db.updateTable('profile').set({ firstname }).where('account_id', '=', accountId).execute()
  return app.invoice(accountId)
}

describe('a transfer', () => {
  test('pays the invoice that its reference names, on the day it was booked', async () => {
    const ref = await app.debtor('none')
    const id = freshId()
    expect(await bring({ amount: '24.80', reference: `thanks, ${referenceOf(ref)}`, id })).toEqual([
      'matched reference',
    ])
    expect(await app.status(ref)).toBe('Paid')
    const [payment] = await app.db.selectFrom('payment').selectAll().where('invoice_id', '=', ref.id).execute()
    expect(payment).toMatchObject({ gateway: 'bank', method_id: app.methods.bank, amount_minor: '2480' })
    expect(payment?.at.toISOString()).toBe('2026-01-20T00:00:00.000Z')
  })

  test('pays the invoice whose number it names, and no other that begins alike', async () => {
    const ref = await app.debtor('none')
    const number = await numberOf(ref)
    expect(await bring({ amount: '24.80', reference: `Invoice ${number}1`, id: freshId() })).toEqual([
      'unmatched unknown_reference',
    ])
    expect(await bring({ amount: '24.80', reference: `Invoice (${number}).`, id: freshId() })).toEqual([
      'matched reference',
    ])
    expect(await app.status(ref)).toBe('Paid')
  })

  test('of another amount than is due pays no invoice by its number, which may be a day: staff are told which it names', async () => {
    const ref = await app.debtor('none')
    const rent = { payer: 'Somebody Else', reference: `Rent, transfer of ${await numberOf(ref)}` }
    const importing = (amount: string) =>
      app.act(ctx => importStatement(ctx, statement([{ ...rent, amount, id: freshId() }])))
    const suggested = { state: 'unmatched', reason: 'amount', invoiceId: ref.id }
    expect(await importing('999.00')).toMatchObject([suggested])
    expect(await importing('24.79')).toMatchObject([suggested])
    expect(await app.booked(ref)).toEqual([])
    await app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'test'))
    expect(await importing('24.80')).toMatchObject([suggested])
    expect([await app.booked(ref), await creditOf(app.db, ref.accountId, 'EUR')]).toEqual([[], 0n])
  })

  test('is the only one of several at the same time that pays an invoice by its number', async () => {
    const ref = await app.debtor('none')
    const reference = await numberOf(ref)
    const results = await Promise.all([1, 2, 3].map(() => bring({ amount: '24.80', reference, id: freshId() })))
    expect(results.flat().sort()).toEqual(['matched reference', 'unmatched amount', 'unmatched amount'])
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that left and names a number takes back only a payment of just that amount', async () => {
    const ref = await app.debtor('none')
    await bring({ amount: '24.80', reference: referenceOf(ref), id: freshId() })
    const reference = `Supplies, invoice ${await numberOf(ref)}`
    expect(await bring({ amount: '-5.00', reference, id: freshId() })).toEqual(['unmatched returned_unknown'])
    expect(await app.status(ref)).toBe('Paid')
    expect(await bring({ amount: '-24.80', reference, id: freshId() })).toEqual(['matched returned'])
  })

  test('without either pays nothing: anybody could call themselves like the payer', async () => {
    await named('Mallory')
    expect(await bring({ amount: '24.80', payer: 'mallory byron', id: freshId() })).toEqual([
      'unmatched unknown_reference',
    ])
  })

  test('without either pays the only invoice of that payer of which just so much is due, where the method wants that', async () => {
    const options = (value: object) =>
      app.db
        .updateTable('payment_method')
        .set({ options: JSON.stringify(value) })
        .where('id', '=', app.methods.bank ?? null)
        .execute()
    await options({ match_payer: true })
    onTestFinished(async () => void (await options({})))
    const ref = await named('Grace')
    const payer = 'grace byron'
    expect(await bring({ amount: '24.79', payer, id: freshId() })).toEqual(['unmatched unknown_reference'])
    expect(await bring({ amount: '24.80', payer, id: freshId() })).toEqual(['matched payer'])
    expect(await app.status(ref)).toBe('Paid')
    const twice = await named('Joan')
    await app.invoice(twice.accountId)
    expect(await bring({ amount: '24.80', payer: 'Joan Byron', id: freshId() })).toEqual([
      'unmatched unknown_reference',
    ])
  })

  test('of too little leaves the rest due, of too much becomes credit, and of a paid invoice too', async () => {
    const ref = await app.debtor('none')
    const reference = referenceOf(ref)
    await bring({ amount: '10', reference, id: freshId() })
    expect(await app.status(ref)).toBe('Unpaid')
    await bring({ amount: '20.00', reference, id: freshId() }, { amount: '1.00', reference, id: freshId() })
    expect(await app.status(ref)).toBe('Paid')
    expect(await app.booked(ref)).toEqual(['payment 1000', 'payment 2000', 'payment 100'])
    expect(await creditOf(app.db, ref.accountId, 'EUR')).toBe(620n)
  })

  test('stays unmatched with the reason where it is not certain what it pays', async () => {
    const one = await app.debtor('none')
    const two = await app.debtor('none')
    await app.db.insertInto('currency').values({ code: 'SEK', exponent: 2, rate: '0.09' }).execute()
    expect(
      await bring(
        { amount: '49.60', reference: `${referenceOf(one)} ${referenceOf(two)}`, id: freshId() },
        { amount: '24.80', currency: 'SEK', reference: referenceOf(one), id: freshId() },
        { amount: '24.80', reference: referenceOf({ ...one, id: '99999999' }), id: freshId() },
        { amount: '24.80', currency: 'XTS', reference: referenceOf(one), id: freshId() },
        { amount: '-12.00', reference: 'rent', id: freshId() },
      ),
    ).toEqual([
      'unmatched several_invoices',
      'unmatched currency',
      'unmatched unknown_reference',
      'ignored unknown_currency',
      'ignored outgoing',
    ])
    expect([await app.booked(one), await app.booked(two)]).toEqual([[], []])
  })

  test('that the bank returned makes the invoice owed again', async () => {
    const ref = await app.debtor('none')
    const reference = referenceOf(ref)
    await bring({ amount: '24.80', reference, id: freshId() })
    expect(await bring({ amount: '-24.80', reference, id: freshId() })).toEqual(['matched returned'])
    expect(await app.status(ref)).toBe('Unpaid')
    expect(await bring({ amount: '-24.80', reference, id: freshId() })).toEqual(['unmatched returned_unknown'])
  })

  test('that the bank returned after its invoice was credited stays unmatched, and the next one is imported', async () => {
    const [ref, next] = [await app.debtor('none'), await app.debtor('none')]
    const reference = referenceOf(ref)
    await bring({ amount: '24.80', reference, id: freshId() })
    const note = { invoiceId: ref.id, lines: 'all', payOut: 'credit', reason: 'not delivered' } as const
    await app.run((ctx, tx) => issueCreditNote(ctx, tx, note))
    expect(
      await bring(
        { amount: '-24.80', reference, id: freshId() },
        { amount: '24.80', reference: referenceOf(next), id: freshId() },
      ),
    ).toEqual(['unmatched conflict', 'matched reference'])
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that billing cannot take in stays unmatched with the reason, leaves nothing booked and holds nothing up', async () => {
    const ref = await app.debtor('none')
    const effects = { ...app.effects, invoicePaid: () => Promise.reject(new Refusal('conflict')) }
    const rows = [
      { amount: '24.80', reference: referenceOf(ref), id: freshId() },
      { amount: '-1.00', reference: 'fee', id: freshId() },
    ]
    const entries = await asSystem({ ...app, effects }, ctx => importStatement(ctx, statement(rows)))
    expect(entries.map(({ state, reason }) => [state, reason])).toEqual([
      ['unmatched', 'conflict'],
      ['ignored', 'outgoing'],
    ])
    expect([await app.booked(ref), await app.status(ref)]).toEqual([[], 'Unpaid'])
  })
})

describe('a statement', () => {
  test('imported again, or overlapping another, books nothing twice', async () => {
    const ref = await app.debtor('none')
    const reference = referenceOf(ref)
    const named = { amount: '1.00', reference, id: freshId() }
    const equal = { amount: '2.00', reference, payer: 'Ada' }
    expect(await bring(named, equal, equal)).toEqual(Array(3).fill('matched reference'))
    expect(await bring(equal, equal, named)).toEqual(Array(3).fill('known'))
    expect(await bring(equal, equal, equal)).toEqual(['known', 'known', 'matched reference'])
    expect(await app.booked(ref)).toEqual(['payment 100', 'payment 200', 'payment 200', 'payment 200'])
  })

  test('of a bank that gives one id to all movements of a batch loses none of them', async () => {
    const ref = await app.debtor('none')
    const [reference, id] = [referenceOf(ref), freshId()]
    const batch = [
      { amount: '1.00', reference, payer: 'Ada', id },
      { amount: '2.00', reference, payer: 'Bob', id },
    ]
    expect(await bring(...batch)).toEqual(['matched reference', 'matched reference'])
    expect(await bring(...batch)).toEqual(['known', 'known'])
  })

  test('imported by several at the same time books everything once', async () => {
    const ref = await app.debtor('none')
    const rows = Array.from({ length: 5 }, () => ({ amount: '1.00', reference: referenceOf(ref), id: freshId() }))
    await Promise.all(Array.from({ length: 4 }, () => bring(...rows)))
    expect(await app.booked(ref)).toEqual(Array(5).fill('payment 100'))
  })

  test.each([
    ['an amount that is none', { amount: 'one' }],
    ['an amount too large to be counted', { amount: '9'.repeat(16) }],
    ['an amount finer than its currency', { amount: '1.505' }],
    ['a day of the year 0', { amount: '1.00', date: '0000-01-01' }],
    ['a text that cannot be stored', { amount: '1.00', payer: 'A\0' }],
  ])('with a mistake in it is refused whole, with its row: %s', async (_what, wrong) => {
    const ref = await app.debtor('none')
    const right = { amount: '1.00', reference: referenceOf(ref), id: freshId() }
    const message = expect.stringMatching(/^row 3[: ]/)
    await expect(bring(right, { id: freshId(), ...wrong })).rejects.toMatchObject({ kind: 'refused', message })
    expect(await app.booked(ref)).toEqual([])
  })

  test('of the first day that can be, and of the largest amount, is kept', async () => {
    const ref = await app.debtor('none')
    const row = { amount: '9'.repeat(15), date: '0001-01-01', reference: referenceOf(ref), id: freshId() }
    expect(await bring(row)).toEqual(['matched reference'])
    expect(await bring({ ...row, id: freshId(), amount: `-${row.amount}` })).toEqual(['matched returned'])
  })

  test('as camt.053 is told from CSV by itself', async () => {
    const ref = await app.debtor('none')
    const xml = `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">24.80</Amt><CdtDbtInd>CRDT</CdtDbtInd>
      <Sts>BOOK</Sts><BookgDt><Dt>2026-01-20</Dt></BookgDt><AcctSvcrRef>X-1</AcctSvcrRef><NtryDtls><TxDtls>
      <RmtInf><Strd><CdtrRefInf><Ref>${creditorReference(ref.id)}</Ref></CdtrRefInf></Strd></RmtInf>
      </TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`
    await app.act(ctx => importStatement(ctx, Buffer.from(xml), 'bank'))
    expect(await app.status(ref)).toBe('Paid')
  })

  test('as camt.053 whose batch does not say how much each is counts it once, and leaves it to staff', async () => {
    const [one, two] = [await app.debtor('none'), await app.debtor('none')]
    const transactions = (...texts: string[]) =>
      texts.map(text => `<TxDtls><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`).join('')
    const entry = (direction: string, ...texts: string[]) =>
      `<Ntry><Amt Ccy="EUR">49.60</Amt><CdtDbtInd>${direction}</CdtDbtInd><Sts>BOOK</Sts>
       <BookgDt><Dt>2026-01-20</Dt></BookgDt><NtryDtls>${transactions(...texts)}</NtryDtls></Ntry>`
    const xml = `<Document><BkToCstmrStmt><Stmt>${[
      entry('CRDT', referenceOf(one), referenceOf(two)),
      entry('CRDT', referenceOf(one), 'of somebody else'),
      entry('DBIT', referenceOf(one), referenceOf(two)),
    ].join('')}</Stmt></BkToCstmrStmt></Document>`
    const entries = await app.act(ctx => importStatement(ctx, Buffer.from(xml), 'bank'))
    expect(entries.map(({ amount, state, reason }) => [amount, state, reason])).toEqual([
      ['49.60', 'unmatched', 'several_invoices'],
      ['49.60', 'unmatched', 'several_invoices'],
      ['-49.60', 'unmatched', 'several_invoices'],
    ])
    expect([await app.booked(one), await app.booked(two)]).toEqual([[], []])
  })

  test('needs the method to be named where there are several banks', async () => {
    await app.db.insertInto('payment_method').values({ key: 'second', driver: 'bank', name: 'Second' }).execute()
    const one = statement([{ amount: '1.00', id: freshId() }])
    const field = { detail: { fields: { method: ['field_empty_error'] } } }
    await expect(app.act(ctx => importStatement(ctx, one))).rejects.toMatchObject(field)
    await expect(app.act(ctx => importStatement(ctx, one, 'third'))).rejects.toMatchObject(field)
    await app.act(ctx => importStatement(ctx, one, 'second'))
    await app.db.updateTable('payment_method').set({ retired_at: app.at.now() }).where('key', '=', 'second').execute()
  })
})

describe('staff', () => {
  const newest = async () => {
    const query = app.db.selectFrom('bank_transaction').select('id').where('state', '=', 'unmatched')
    return (await query.orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()).id
  }

  test('match what the import did not, once', async () => {
    const ref = await app.debtor('none')
    await bring({ amount: '24.80', reference: 'no idea', id: freshId() })
    const id = await newest()
    const match = () =>
      app.run((ctx, tx) => matchTransaction(ctx, tx, id, { accountId: ref.accountId, invoiceId: ref.id }))
    const results = await Promise.allSettled([match(), match(), match()])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
    await expect(match()).rejects.toMatchObject({ code: 'conflict' })
  })

  test('may give it to the credit of an account, or set it aside', async () => {
    const ref = await app.debtor('none')
    await bring({ amount: '3.00', reference: 'gift', id: freshId() })
    const gift = await newest()
    await app.run((ctx, tx) => matchTransaction(ctx, tx, gift, { accountId: ref.accountId, invoiceId: null }))
    expect(await creditOf(app.db, ref.accountId, 'EUR')).toBe(300n)
    await bring({ amount: '4.00', reference: 'interest', id: freshId() })
    const interest = await newest()
    expect(interest).not.toBe(gift)
    await app.run((ctx, tx) => ignoreTransaction(ctx, tx, interest, 'interest of the bank'))
    expect(await newest()).not.toBe(interest)
  })
})

test('after all of this the books are right', async () => {
  expect(await auditMoney(app.db)).toEqual([])
})
