import { staffPassword } from '../staff.ts'
import type { StaffWorld } from './staff-world.ts'

export interface StaffCall {
  readonly input: Readonly<Record<string, unknown>>
  /** Sent with this token instead of the owner's. */
  readonly token?: string
}

/** For every operation of the staff API, a call by an owner that succeeds. A new operation needs an entry here. */
export const staffCalls: Readonly<Record<string, (world: StaffWorld) => StaffCall | Promise<StaffCall>>> = {
  'staff.session.logIn': ({ staff }) => ({ input: { email: staff.billing.email, password: staffPassword } }),
  'staff.session.verify': async world => ({ input: await world.freshChallenge() }),
  'staff.session.logOut': async world => ({ input: {}, token: await world.freshToken() }),
  'staff.session.getMe': () => ({ input: {} }),
  'staff.session.changePassword': async world => ({
    input: { password: staffPassword, new_password: 'other words than before' },
    token: await world.freshToken(),
  }),
  'staff.team.listMembers': () => ({ input: {} }),
  'staff.team.createMember': world => ({ input: { email: world.freshEmail(), role: 'support' } }),
  'staff.team.changeMember': async world => ({ input: { id: (await world.freshMember()).id, role: 'billing' } }),
  'staff.team.disableMember': async world => ({ input: { id: (await world.freshMember()).id } }),
  'staff.team.enableMember': async world => ({ input: { id: (await world.freshMember()).id } }),
  'staff.team.resetSignIn': async world => ({ input: { id: (await world.freshMember()).id } }),
  'staff.clients.listClients': () => ({ input: { search: 'customer@' } }),
  'staff.clients.getClient': world => ({ input: { id: world.clientId } }),
  'staff.clients.changeTerms': async world => ({ input: { id: await world.freshClient(), tax_exempt: true } }),
  'staff.clients.addCredit': async world => ({
    input: { id: await world.freshClient(), amount: '10.00', description: 'goodwill' },
  }),
  'staff.clients.parkClient': async world => ({ input: { id: await world.freshClient(), reason: 'disputed' } }),
  'staff.clients.unparkClient': async world => {
    const id = await world.freshClient()
    await world.asOwner('POST', `/clients/${id}/park`, { reason: 'disputed' })
    return { input: { id } }
  },
  'staff.invoices.listInvoices': async world => {
    await world.freshInvoice()
    return { input: { status: 'Unpaid' } }
  },
  'staff.invoices.getInvoice': async world => ({ input: { id: await world.freshInvoice() } }),
  'staff.invoices.addInvoice': world => ({
    input: { client_id: world.clientId, lines: [{ description: 'Moving a server', unit_price: '10.00' }] },
  }),
  'staff.invoices.deleteDraft': async world => ({ input: { id: await world.freshDraft() } }),
  'staff.invoices.finaliseInvoice': async world => ({ input: { id: await world.freshDraft() } }),
  'staff.invoices.voidInvoice': async world => ({ input: { id: await world.freshInvoice(), reason: 'twice' } }),
  'staff.invoices.markPaid': async world => ({ input: { id: await world.freshInvoice() } }),
  'staff.invoices.applyCredit': async world => {
    const id = await world.freshInvoice()
    await world.asOwner('POST', `/clients/${world.clientId}/credit`, { amount: '1.00', description: 'goodwill' })
    return { input: { id, amount: '1.00' } }
  },
  'staff.invoices.correctInvoice': async world => ({ input: { id: await world.freshInvoice(), reason: 'too many' } }),
  'staff.jobs.listJobs': async world => {
    await world.deadJob()
    return { input: { state: 'dead' } }
  },
  'staff.jobs.retryJob': async world => ({ input: { id: await world.deadJob() } }),
  'staff.jobs.deleteJob': async world => ({ input: { id: await world.deadJob() } }),
  'staff.audit.listAudit': async world => {
    await world.asOwner('POST', `/clients/${world.clientId}/credit`, { amount: '1.00', description: 'goodwill' })
    return { input: { event: 'credit.add' } }
  },
  'staff.audit.auditMoney': () => ({ input: {} }),
  'staff.catalogue.listProducts': () => ({ input: {} }),
  'staff.catalogue.getProduct': world => ({ input: { id: world.productId } }),
  'staff.catalogue.planImport': world => ({ input: { source: world.freshCatalogue() } }),
  'staff.catalogue.applyImport': async world => {
    const source = world.freshCatalogue()
    const { fingerprint } = await world.asOwner('POST', '/catalogue/plan', { source })
    return { input: { source, fingerprint } }
  },
  'staff.clock.getClock': () => ({ input: {} }),
  'staff.clock.moveClock': () => ({ input: { seconds: 1 } }),
  'staff.orders.listOrders': async world => {
    await world.freshOrder()
    return { input: { status: 'Pending' } }
  },
  'staff.orders.getOrder': async world => ({ input: { id: await world.freshOrder() } }),
  'staff.orders.acceptOrder': async world => ({ input: { id: await world.freshOrder() } }),
  'staff.orders.cancelOrder': async world => ({ input: { id: await world.freshOrder(), reason: 'out of stock' } }),
  'staff.orders.markFraud': async world => ({ input: { id: await world.freshOrder(), reason: 'stolen card' } }),
  'staff.services.listServices': async world => {
    await world.freshService()
    return { input: { client_id: world.clientId } }
  },
  'staff.services.getService': async world => ({ input: { id: await world.freshService() } }),
  'staff.services.suspendService': async world => ({ input: { id: await world.freshService() } }),
  'staff.services.unsuspendService': async world => {
    const id = await world.freshService()
    await world.asOwner('POST', `/services/${id}/suspend`, {})
    return { input: { id } }
  },
  'staff.services.terminateService': async world => ({ input: { id: await world.freshService(), reason: 'abuse' } }),
  'staff.services.completeProvisioning': async world => ({
    input: { id: await world.freshWaiting(), username: 'ada' },
  }),
  'staff.services.provisionAgain': async world => {
    const id = await world.freshWaiting()
    const failed = { provisioning: 'failed', provisioning_error: 'it broke' }
    await world.full.app.db.updateTable('service').set(failed).where('id', '=', id).execute()
    return { input: { id } }
  },
  'staff.invoices.refundInvoice': async world => ({ input: { id: await world.freshPaidInvoice(), to: 'credit' } }),
  'staff.payments.listPayments': async world => ({ input: { invoice_id: await world.freshPaidInvoice() } }),
  'staff.payments.refundPayment': async world => ({ input: { id: await world.freshPayment(), to: 'credit' } }),
  'staff.payments.listBankTransactions': async world => {
    await world.freshTransfer()
    return { input: { state: 'unmatched' } }
  },
  'staff.payments.matchTransaction': async world => ({
    input: { id: await world.freshTransfer(), invoice_id: await world.freshInvoice() },
  }),
  'staff.payments.ignoreTransaction': async world => ({ input: { id: await world.freshTransfer(), reason: 'rent' } }),
  'staff.payments.importStatement': world => ({ input: { statement: world.freshStatement() } }),
}
