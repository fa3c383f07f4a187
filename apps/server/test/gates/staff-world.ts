import { readFile } from 'node:fs/promises'
import { contract, type StaffRole, staffRoles } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { runSql } from '../../src/db/database.ts'
import { applyImport } from '../../src/modules/catalog/index.ts'
import { asOperator } from '../../src/operator.ts'
import { type FullServer, fullServer } from '../full-server.ts'
import { seedAccount } from '../seed.ts'
import { addStaff, codeOf, type SignedInStaff, signInStaff, staffCall, staffPassword } from '../staff.ts'
import { send } from './send.ts'

/** A provider with one of each role, and a customer with one of everything. */
export interface StaffWorld {
  readonly full: FullServer
  readonly server: FastifyInstance
  readonly staff: Readonly<Record<StaffRole, SignedInStaff>>
  /** The access token of a customer. */
  readonly customerToken: string
  readonly clientId: string
  /** A product with a form, of the demo's catalogue, which this provider sells. */
  readonly productId: string
  /** A file that changes something of it. */
  freshCatalogue(): string
  freshEmail(): string
  /** Somebody new of the staff, not signed in. */
  freshMember(): Promise<{ id: string; email: string; password: string; totpUri: string }>
  freshToken(): Promise<string>
  asOwner(method: 'POST' | 'PUT', path: string, body: object): Promise<Record<string, unknown>>
  freshChallenge(): Promise<{ challenge: string; code: string }>
  /** A client with nothing but a service. */
  freshClient(): Promise<string>
  /** A draft of the client; an invoice that is owed, for 20.00 before tax; and one that is paid. */
  freshDraft(): Promise<string>
  freshInvoice(): Promise<string>
  freshPaidInvoice(): Promise<string>
  freshPayment(): Promise<string>
  /** A bank statement with a transfer that nobody knows, and such a transfer imported. */
  freshStatement(): string
  freshTransfer(): Promise<string>
  deadJob(): Promise<string>
  /** An order of the client that is not paid; a service that waits for hands; and one that runs. */
  freshOrder(): Promise<string>
  freshWaiting(): Promise<string>
  freshService(): Promise<string>
  close(): Promise<void>
}

export async function createStaffWorld(): Promise<StaffWorld> {
  const full = await fullServer({ testMode: true })
  const { app, server } = full
  const catalogue = await readFile(new URL('../../demo/catalogue.yaml', import.meta.url), 'utf8')
  await asOperator(app, ctx => applyImport(ctx, catalogue))
  const forms = app.db.selectFrom('form_field').select('product_id as id').orderBy('product_id')
  const { id: productId } = await forms.executeTakeFirstOrThrow()
  const codes: Record<string, object> = {}
  const freshCatalogue = () => {
    codes[`GATE${Object.keys(codes).length}`] = { percent: 10 }
    return JSON.stringify({ promo_codes: codes })
  }
  await asOperator(app, ctx => applyImport(ctx, freshCatalogue()))
  const staff = Object.fromEntries(
    await Promise.all(staffRoles.map(async role => [role, await signInStaff(app, server, role)] as const)),
  ) as Record<StaffRole, SignedInStaff> // one for each
  const customer = { username: 'customer@example.com', password: staffPassword }
  const signup = { email: customer.username, password: customer.password, firstname: 'Ada', lastname: 'Byron' }
  const { json: opened } = await send(server, contract.extensions.signup, signup)
  const { json: signedIn } = await send(server, contract.auth.login, customer)
  let counter = 0
  const clientId = String(opened.client_id)
  // What one operation gives as credit shall not pay the invoices that another one needs.
  await app.db.updateTable('account').set({ auto_apply_credit: false }).where('id', '=', clientId).execute()
  const asOwner = async (method: 'POST' | 'PUT', path: string, body: object) => {
    const { status, json } = await staffCall(server, method, path, { body, token: staff.owner.token })
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }
  const freshDraft = async () => {
    const lines = [{ description: 'Moving a server', quantity: 2, unit_price: '10.00' }]
    return String((await asOwner('POST', '/invoices', { client_id: clientId, lines })).invoice.id)
  }
  const freshInvoice = async () => {
    const id = await freshDraft()
    await asOwner('POST', `/invoices/${id}/finalise`, {})
    return id
  }
  const freshStatement = () =>
    `date,amount,currency,payer,reference\n2026-01-21,24.80,EUR,Somebody,present ${++counter}\n`
  const { id: handmade } = await app.db
    .selectFrom('product')
    .select('id')
    .where('key', '=', 'web-m')
    .executeTakeFirstOrThrow()
  const freshOrder = async () => {
    const order = { product_id: handmade, domain: 'example.org', cycle: 'm' }
    const { status, text } = await send(server, contract.cart.orderProduct, order, String(signedIn.token))
    if (status !== 200) throw new Error(text)
    const newest = app.db.selectFrom('orders').select('id').orderBy('id', 'desc').limit(1)
    return (await newest.executeTakeFirstOrThrow()).id
  }
  const freshWaiting = async () => {
    const order = await freshOrder()
    await asOwner('POST', `/orders/${order}/accept`, {})
    const made = app.db.selectFrom('service').select('id').where('order_id', '=', order)
    return (await made.executeTakeFirstOrThrow()).id
  }
  return {
    full,
    server,
    staff,
    customerToken: String(signedIn.token),
    clientId,
    productId,
    freshCatalogue,
    freshEmail: () => `fresh${++counter}@example.net`,
    freshMember: () => addStaff(app, 'support'),
    freshToken: async () => (await signInStaff(app, server, 'owner')).token,
    async freshChallenge() {
      const { email, password, totpUri } = await addStaff(app, 'support')
      const { json } = await staffCall(server, 'POST', '/login', { body: { email, password } })
      return { challenge: String(json.challenge), code: codeOf(totpUri, app.clock) }
    },
    asOwner,
    freshClient: async () => (await seedAccount(app)).accountId,
    freshDraft,
    freshInvoice,
    async freshPaidInvoice() {
      const id = await freshInvoice()
      await asOwner('POST', `/invoices/${id}/paid`, {})
      return id
    },
    async freshPayment() {
      return String((await asOwner('POST', `/invoices/${await freshInvoice()}/paid`, {})).payment_id)
    },
    freshStatement,
    async freshTransfer() {
      await asOwner('POST', '/bank/import', { statement: freshStatement() })
      const newest = app.db.selectFrom('bank_transaction').select('id').orderBy('id', 'desc').limit(1)
      return (await newest.executeTakeFirstOrThrow()).id
    },
    async deadJob() {
      const [job] = await runSql<{ id: string }>(
        app.db,
        `select id from graphile_worker.permanently_fail_jobs(
           array[(graphile_worker.add_job('gate.dead', '{}')).id], 'connect ECONNREFUSED 192.0.2.25:25')`,
      )
      return job?.id ?? ''
    },
    freshOrder,
    freshWaiting,
    async freshService() {
      const id = await freshWaiting()
      await asOwner('POST', `/services/${id}/provisioned`, {})
      return id
    },
    close: () => full.close(),
  }
}
