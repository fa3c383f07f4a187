import { formatAmount } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { balanceOf, lockAccount, parkAccount, unparkAccount } from '../billing/index.ts'
import { changeTerms } from './change-terms.ts'
import { countOfClient, selectClient, selectClients } from './clients-store.ts'
import { giveCredit } from './give-credit.ts'
import { pageOf, sliceOf } from './listing.ts'
import { wireMoment } from './wire.ts'

export const clientsHandlers: StaffModuleHandlers<'clients'> = {
  async listClients(ctx, input) {
    const slice = sliceOf(input)
    const { shown, next } = pageOf(await selectClients(ctx.db, input, slice), slice)
    return { clients: shown.map(rowOf), next }
  },
  async getClient(ctx, { id }) {
    return { client: await clientOf(ctx.db, id) }
  },
  async changeTerms(ctx, { id, tax_exempt, currency, auto_apply_credit }) {
    await changeTerms(ctx, id, { taxExempt: tax_exempt, currency, autoApplyCredit: auto_apply_credit })
    return { client: await clientOf(await ctx.begin(), id) }
  },
  async addCredit(ctx, { id, amount, description, take = false }) {
    const { creditMinor, currency } = await giveCredit(ctx, id, { amount, description, take })
    return {
      credit: formatAmount(creditMinor, currency),
      currency: currency.code,
      info: [take ? 'credit_taken' : 'credit_added'],
    }
  },
  async parkClient(ctx, { id, reason }) {
    const tx = await ctx.begin()
    const { parkedAt } = await lockAccount(tx, id)
    if (parkedAt !== null) throw new Refusal('conflict', { also: ['account_parked'] })
    await parkAccount(ctx, tx, id, reason)
    return { info: ['client_parked'] }
  },
  async unparkClient(ctx, { id }) {
    const tx = await ctx.begin()
    const { parkedAt } = await lockAccount(tx, id)
    if (parkedAt === null) throw new Refusal('conflict', { also: ['not_parked'] })
    await unparkAccount(ctx, tx, id)
    return { info: ['client_unparked'] }
  },
}

type ClientRow = Awaited<ReturnType<typeof selectClients>>[number]

function rowOf(row: ClientRow) {
  return {
    id: row.id,
    status: row.status,
    email: row.email,
    firstname: row.firstname,
    lastname: row.lastname,
    companyname: row.companyname,
    country: row.country,
    currency: row.currency,
    created_at: row.created_at.toISOString(),
    parked_at: wireMoment(row.parked_at),
    parked_reason: row.parked_reason,
  }
}

async function clientOf(db: Queryable, id: string) {
  const row = await selectClient(db, id)
  if (row === undefined) throw notFound()
  const { currency, owedMinor, creditMinor } = await balanceOf(db, id)
  const count = await countOfClient(db, id)
  return {
    ...rowOf(row),
    address1: row.address1,
    address2: row.address2,
    city: row.city,
    state: row.state,
    postcode: row.postcode,
    phonenumber: row.phonenumber,
    vat_number: row.vateu,
    tax_exempt: row.tax_exempt,
    auto_apply_credit: row.auto_apply_credit,
    balance: formatAmount(owedMinor, currency),
    credit: formatAmount(creditMinor, currency),
    contacts: Number(row.contacts),
    services: {
      Pending: count('service', 'Pending'),
      Active: count('service', 'Active'),
      Suspended: count('service', 'Suspended'),
      Terminated: count('service', 'Terminated'),
      Cancelled: count('service', 'Cancelled'),
      Fraud: count('service', 'Fraud'),
    },
    invoices: {
      Draft: count('invoice', 'Draft'),
      Unpaid: count('invoice', 'Unpaid'),
      Paid: count('invoice', 'Paid'),
      Cancelled: count('invoice', 'Cancelled'),
      Refunded: count('invoice', 'Refunded'),
      Collections: count('invoice', 'Collections'),
    },
    orders: {
      Pending: count('orders', 'Pending'),
      Active: count('orders', 'Active'),
      Cancelled: count('orders', 'Cancelled'),
      Fraud: count('orders', 'Fraud'),
    },
  }
}
