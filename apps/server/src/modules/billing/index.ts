export type { LockedAccount } from './account-store.ts'
export { addCredit, applyCredit, type CreditToAdd, type CreditToApply } from './apply-credit.ts'
export { balanceOf } from './balance.ts'
export { takenBack, wasTakenBack } from './chargeback-store.ts'
export { chargeLateFee, sendToCollections } from './collect-invoice.ts'
export { allCurrencies, currencyOf } from './currency-store.ts'
export { documentOf, type FoundDocument } from './document.ts'
export { deleteDraft, finaliseInvoice } from './finalise-invoice.ts'
export { invoicesNamed, type NamedInvoice, openInvoicesOf, reversiblePayments } from './find-store.ts'
export { type InvoiceState, type InvoiceStatus, nameOf } from './invoice.ts'
export { accountOfInvoice } from './invoice-store.ts'
export { type CreditNoteOrder, type IssuedCreditNote, issueCreditNote } from './issue-credit-note.ts'
export { type IssuedInvoice, issueInvoice, type NewInvoice } from './issue-invoice.ts'
export { billingSchedules } from './jobs.ts'
export { creditOf } from './ledger-store.ts'
export { lockAccount, lockInvoice, refuseParked } from './lock.ts'
export { auditMoney } from './money-audit-store.ts'
export type { MoneyFinding } from './money-checks.ts'
export { parkAccount, unparkAccount } from './park-account.ts'
export {
  type PaymentState,
  paymentById,
  paymentByReference,
  refundedFor,
  reversalByReference,
  reversedOf,
} from './payment-store.ts'
export { type Chargeback, recordChargeback } from './record-chargeback.ts'
export { recordFee } from './record-fee.ts'
export { type ReceivedPayment, type RecordedPayment, recordPayment } from './record-payment.ts'
export { type Refund, refundPayment } from './refund-payment.ts'
export { returnPayments } from './return-payments.ts'
export type { Reversed } from './reversal.ts'
export { billingHandlers } from './routes.ts'
export { settleInvoice } from './settle-invoice.ts'
export { isTaxedInvoice, type TaxedInvoice, taxedInvoices } from './taxed-invoices-store.ts'
export { voidInvoice } from './void-invoice.ts'
export { watchMoney } from './watch-money.ts'
