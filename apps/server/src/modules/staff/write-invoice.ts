import { type CartLine, type Day, parseAmount, priceCart } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { badField } from '../../refusal.ts'
import { currencyOf, issueInvoice, lockAccount } from '../billing/index.ts'
import { paymentMethodFor } from '../payment-methods/index.ts'
import { taxTreatment } from '../tax/index.ts'

export interface FreeInvoice {
  readonly accountId: string
  readonly lines: readonly {
    readonly description: string
    /** Decimal amount. */
    readonly unitPrice: string
    readonly quantity: number
    readonly taxed: boolean
  }[]
  readonly dueOn?: Day | undefined
  readonly notes?: string | undefined
  readonly paymentMethodId?: string | undefined
}

/** Writes a draft with lines of one's own, priced and taxed by the function that prices orders. */
export async function writeInvoice(ctx: Context, wanted: FreeInvoice): Promise<string> {
  const { accountId, paymentMethodId, dueOn, notes } = wanted
  const tx = await ctx.begin()
  const account = await lockAccount(tx, accountId)
  const currency = await currencyOf(tx, account.currency)
  if (currency === undefined) throw new Error(`no currency ${account.currency}`)
  const charged = wanted.lines.map(({ description, unitPrice, quantity, taxed }, index) => {
    const unitMinor = parseAmount(unitPrice, currency)
    if (unitMinor === undefined) throw badField(`lines[${index}][unit_price]`, 'field_format_error')
    if (description.trim() === '') throw badField(`lines[${index}][description]`, 'field_empty_error')
    const charge = { label: description, quantity, unitMinor, setupMinor: 0n }
    const line: CartLine = { key: String(index), type: 'Other', description, cycle: 'Once', charges: [charge], taxed }
    return { line, charge }
  })
  const method =
    paymentMethodId === undefined
      ? undefined
      : await paymentMethodFor(ctx, tx, { id: paymentMethodId, accountId, currency: currency.code })
  const priced = priceCart({
    currency,
    lines: charged.map(({ line }) => line),
    tax: await taxTreatment(ctx, tx, accountId),
    ...(method === undefined ? {} : { fee: method.fee }),
  })
  // The document says how many at what price; a line of an order is one whole.
  const lines = priced.lines.map(line => {
    const charge = charged[Number(line.key)]?.charge
    return line.role !== 'item' || charge === undefined
      ? line
      : { ...line, quantity: charge.quantity, unitMinor: charge.unitMinor }
  })
  const { id } = await issueInvoice(ctx, tx, {
    accountId,
    priced: { ...priced, lines },
    status: 'Draft',
    paymentMethodId: method?.id ?? null,
    ...(dueOn === undefined ? {} : { dueOn }),
    ...(notes === undefined ? {} : { notes }),
  })
  return id
}
