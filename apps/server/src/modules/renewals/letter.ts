import { formatAmount } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { sendMail } from '../mail/index.ts'
import { type LetterFacts, letterFacts } from './letter-store.ts'

/** Why somebody is written to about an invoice. */
export type Occasion = 'issued' | 'reminder' | 'overdue' | 'suspended' | 'terminated' | 'cancelled' | 'collections'

interface Words {
  subject(facts: Said): string
  body(facts: Said): string
}
interface Said extends Omit<LetterFacts, 'dueMinor' | 'totalMinor'> {
  readonly brand: string
  readonly due: string
  readonly total: string
}

const words: Readonly<Record<Occasion, Words>> = {
  issued: {
    subject: ({ brand, number }) => `${brand}: invoice ${number}`,
    body: said =>
      said.status === 'Paid'
        ? `Invoice ${said.number} over ${said.total} was made and is paid from your credit. Nothing is due.`
        : `Invoice ${said.number} over ${said.total} was made. ${said.due} is due on ${said.dueOn}.`,
  },
  reminder: {
    subject: ({ brand, number, dueOn }) => `${brand}: invoice ${number} is due on ${dueOn}`,
    body: said => `Invoice ${said.number} is due on ${said.dueOn}: ${said.due} is not paid yet.`,
  },
  overdue: {
    subject: ({ brand, number }) => `${brand}: invoice ${number} is overdue`,
    body: said =>
      `Invoice ${said.number} was due on ${said.dueOn}, and ${said.due} is not paid yet. Please pay it now.`,
  },
  suspended: {
    subject: ({ brand, number }) => `${brand}: services stopped, invoice ${number} is not paid`,
    body: said =>
      `Invoice ${said.number} was due on ${said.dueOn}, and ${said.due} is not paid. What it is for was stopped; it runs again as soon as the invoice is paid.`,
  },
  terminated: {
    subject: ({ brand, number }) => `${brand}: services ended, invoice ${number} was not paid`,
    body: said => `Invoice ${said.number} was due on ${said.dueOn} and was not paid. What it was for has ended.`,
  },
  cancelled: {
    subject: ({ brand, number }) => `${brand}: order cancelled, invoice ${number} was not paid`,
    body: said =>
      `Invoice ${said.number} was due on ${said.dueOn} and was not paid. The order was cancelled; nothing is owed.`,
  },
  collections: {
    subject: ({ brand, number }) => `${brand}: invoice ${number} goes to collections`,
    body: said =>
      `Invoice ${said.number} was due on ${said.dueOn}, and ${said.due} was not paid. It goes to collections.`,
  },
}

/** Writes to everybody of the account who gets billing mail; sent once the transaction is committed. */
export async function writeLetter(ctx: Context, tx: Tx, ref: InvoiceRef, occasion: Occasion): Promise<void> {
  const facts = await letterFacts(tx, ref.accountId, ref.id)
  if (facts === undefined) return
  const currency = { code: facts.currency, exponent: facts.exponent }
  const amount = (minor: bigint) => `${formatAmount(minor, currency)} ${facts.currency}`
  const said = { ...facts, brand: ctx.config.brandName, due: amount(facts.dueMinor), total: amount(facts.totalMinor) }
  const { subject, body } = words[occasion]
  for (const { email, name } of facts.recipients) {
    const text = `Hello${name === '' ? '' : ` ${name}`},\n\n${body(said)}\n\n${ctx.config.publicUrl}\n${ctx.config.brandName}\n`
    await sendMail(ctx, tx, { to: email, subject: subject(said), text })
  }
}
