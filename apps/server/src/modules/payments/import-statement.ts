import { type CsvForm, DriverError, readCamt053, readCsvStatement, type StatementEntry } from '@innkeeper/drivers'
import { addDays, type Currency, dayOf, parseAmount } from '@innkeeper/money'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField } from '../../refusal.ts'
import { separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { allCurrencies, currencyOf } from '../billing/index.ts'
import { methodsByDriver, type PaymentMethod } from '../payment-methods/index.ts'
import { type BankState, insertTransaction } from './bank-store.ts'
import { fingerprints } from './fingerprint.ts'
import { matchImported } from './match-imported.ts'

/** What became of one movement of a statement. */
export interface ImportedEntry {
  readonly bookedOn: string
  readonly amount: string
  readonly currency: string
  readonly payer: string
  /** `known`: an earlier statement had it. */
  readonly state: BankState | 'known'
  readonly reason: string
  readonly invoiceId?: string
}

/**
 * Imports a statement of a bank account, CSV or camt.053, each movement in a transaction of its own: the import may be
 * repeated, overlap another, and stop in between. A file that cannot be read as a whole changes nothing.
 */
export async function importStatement(ctx: Context, file: Buffer, methodKey?: string): Promise<ImportedEntry[]> {
  const method = await bankMethod(ctx, methodKey)
  const { timeZone } = ctx.config
  const latest = dayOf(addDays(ctx.business.now(), mostDaysAhead, timeZone), timeZone)
  const limits = { latest, countable: countableIn(await allCurrencies(ctx.db)) }
  const entries = looksLikeXml(file) ? readCamt053(file, limits) : readCsvStatement(file, csvForm(method), limits)
  const names = fingerprints(entries)
  const imported: ImportedEntry[] = []
  for (const [index, entry] of entries.entries()) {
    const fingerprint = names[index] ?? ''
    imported.push(await separately(ctx, (apart, tx) => importEntry(apart, tx, method, entry, fingerprint)))
  }
  return imported
}

/** Banks date what comes on holidays with the next day of business; what is later than that is a mistake. */
const mostDaysAhead = 7

/** Of a currency that there is not, every amount: no movement of it is kept. */
function countableIn(currencies: ReadonlyMap<string, Currency>) {
  return (amount: string, code: string) => {
    const currency = currencies.get(code)
    return currency === undefined || parseAmount(amount, currency) !== undefined
  }
}

async function importEntry(
  ctx: Context,
  tx: Tx,
  method: PaymentMethod,
  entry: StatementEntry,
  fingerprint: string,
): Promise<ImportedEntry> {
  const { bookedOn, amount, currency: code, payer, text, returned, batch } = entry
  const shown = { bookedOn, amount, currency: code, payer }
  const currency = await currencyOf(tx, code)
  const amountMinor = currency === undefined ? undefined : parseAmount(amount, currency)
  // Nothing of ours can be meant by it, and its decimals are not known: there is no row for it, unlike for what else is ignored.
  if (amountMinor === undefined) return { ...shown, state: 'ignored', reason: 'unknown_currency' }
  const transaction = {
    methodId: method.id,
    fingerprint,
    bookedOn,
    amountMinor,
    currency: code,
    payer,
    reference: text,
  }
  const id = await insertTransaction(tx, transaction, ctx.clock.now())
  if (id === undefined) return { ...shown, state: 'known', reason: '' }
  const match = await matchImported(ctx, tx, { ...transaction, id, returned, batch }, method)
  await audit(ctx, tx, {
    event: 'bank.import',
    description: `Bank transaction ${id} imported: ${match.state}`,
    detail: { transaction: id, amount, currency: code, reason: match.reason },
    accountId: match.accountId ?? null,
  })
  const { state, reason, invoiceId } = match
  return { ...shown, state, reason, ...(invoiceId === undefined ? {} : { invoiceId }) }
}

async function bankMethod(ctx: Context, key: string | undefined): Promise<PaymentMethod> {
  const methods = await methodsByDriver(ctx.db, 'bank')
  const method = key === undefined ? methods[0] : methods.find(one => one.key === key)
  if (method === undefined || (key === undefined && methods.length > 1)) throw badField('method', 'field_empty_error')
  return method
}

/** XML begins with a tag; a byte order mark may stand before it. */
function looksLikeXml(file: Buffer): boolean {
  return /^\ufeff?\s*</.test(file.subarray(0, 200).toString('utf8'))
}

const Sign = Type.Union([Type.Literal('.'), Type.Literal(',')])
const Form = Type.Object({
  delimiter: Type.Optional(Type.String()),
  decimal: Type.Optional(Sign),
  dates: Type.Optional(Type.Union([Type.Literal('YMD'), Type.Literal('DMY'), Type.Literal('MDY')])),
  encoding: Type.Optional(Type.String()),
  currency: Type.Optional(Type.String()),
  columns: Type.Optional(Type.Record(Type.String(), Type.String())),
})

/** How the bank writes its CSV, from the options of the method. */
function csvForm({ key, options: { csv = {} } }: PaymentMethod): CsvForm {
  if (Value.Check(Form, csv)) return csv
  throw new DriverError(
    'misconfigured',
    `the option csv of the payment method ${key} is not of the form it should have`,
  )
}
