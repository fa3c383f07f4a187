import { titleOf } from '@innkeeper/documents'
import { daysBetween, formatAmount, momentOfDay } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { documentOf, type FoundDocument } from '../billing/index.ts'
import { sendMail } from '../mail/index.ts'
import { figuresOf, howToPay } from './figures.ts'
import { forecastOf } from './forecast.ts'
import { recipientsOf } from './letter-store.ts'

/** Why somebody is written to about an invoice. */
export type Occasion =
  | 'issued'
  | 'credited'
  | 'paid'
  | 'reopened'
  | 'reminder'
  | 'overdue'
  | 'suspended'
  | 'terminated'
  | 'cancelled'
  | 'collections'

interface Words {
  subject(said: Said): string
  body(said: Said): string
  /** Whether the lines of the document are repeated. */
  readonly figures?: boolean
  /** Whether credit may pay a part of it yet, so that how much is to be transferred is left to the reminder. */
  readonly settling?: boolean
}
interface Said {
  readonly brand: string
  /** What it is about, in a sentence and at its start: `pro forma invoice P2026/2`. */
  readonly name: string
  readonly opening: string
  /** The same once it is paid, with the number that it was asked for by. */
  readonly paidName: string
  readonly dueOn: string
  /** What is left to pay, and what it comes to. */
  readonly due: string
  readonly total: string
  readonly isPaid: boolean
  readonly corrects: string
  /** `1 day`, since the due day. */
  readonly late: string
  /** What comes of it if it stays overdue; may be empty. */
  readonly forecast: string
}

const words: Readonly<Record<Occasion, Words>> = {
  issued: {
    subject: ({ brand, name }) => `${brand}: ${name}`,
    body: said =>
      said.isPaid
        ? `This is your ${said.name} for ${said.total}. It is paid: nothing is due.`
        : `This is your ${said.name} for ${said.total}. Please pay ${said.due} by ${said.dueOn}.`,
    figures: true,
  },
  credited: {
    subject: ({ brand, name }) => `${brand}: ${name}`,
    body: said => `This is ${said.name} for ${said.total}. It corrects invoice ${said.corrects}.`,
    figures: true,
  },
  paid: {
    subject: ({ brand, paidName }) => `${brand}: thank you, ${paidName} is paid`,
    body: said => `Your payment has come in: ${said.paidName} for ${said.total} is paid. Nothing is due.`,
  },
  reopened: {
    subject: ({ brand, name }) => `${brand}: the payment of ${name} was taken back`,
    body: said =>
      `A payment of ${said.name} that had come in was taken back. It is owed again: please pay it by ${said.dueOn}.`,
    settling: true,
  },
  reminder: {
    subject: ({ brand, name, dueOn }) => `${brand}: ${name} is due on ${dueOn}`,
    body: said => `${said.opening} is due on ${said.dueOn}: ${said.due} is not paid yet.`,
  },
  overdue: {
    subject: ({ brand, name, late }) => `${brand}: ${name} is ${late} overdue`,
    body: said =>
      `${said.opening} was due on ${said.dueOn}, ${said.late} ago, and ${said.due} is not paid yet. Please pay it now${said.forecast && `: ${said.forecast}`}.`,
  },
  suspended: {
    subject: ({ brand, name }) => `${brand}: services stopped, ${name} is not paid`,
    body: said =>
      `${said.opening} was due on ${said.dueOn}, and ${said.due} is not paid. What it is for was stopped; it runs again as soon as the invoice is paid.`,
  },
  terminated: {
    subject: ({ brand, name }) => `${brand}: services ended, ${name} was not paid`,
    body: said => `${said.opening} was due on ${said.dueOn} and was not paid. What it was for has ended.`,
  },
  cancelled: {
    subject: ({ brand, name }) => `${brand}: order cancelled, ${name} was not paid`,
    body: said =>
      `${said.opening} was due on ${said.dueOn} and was not paid. The order was cancelled; nothing is owed.`,
  },
  collections: {
    subject: ({ brand, name }) => `${brand}: ${name} goes to collections`,
    body: said => `${said.opening} was due on ${said.dueOn}, and ${said.due} was not paid. It goes to collections.`,
  },
}

/** Writes to everybody of the account who gets billing mail; sent once the transaction is committed. */
export async function writeLetter(ctx: Context, tx: Tx, ref: InvoiceRef, occasion: Occasion): Promise<void> {
  const found = await documentOf(ctx, tx, ref.accountId, ref.id)
  const { document } = found
  const forecast = occasion === 'overdue' ? await forecastOf(ctx, tx, ref, found.payBy) : ''
  const said = saidOf(ctx, found, forecast)
  const { subject, body, figures = false, settling = false } = words[occasion]
  const parts = [body(said), figures ? figuresOf(document) : '', settling ? '' : howToPay(document)]
  await writeToAccount(ctx, tx, ref.accountId, subject(said), parts)
}

/** The same letter to all of them, each by name. */
export async function writeToAccount(
  ctx: Context,
  tx: Tx,
  accountId: string,
  subject: string,
  parts: readonly string[],
): Promise<void> {
  const { brandName, publicUrl } = ctx.config
  const text = [...parts.filter(part => part !== ''), `${brandName}\n${publicUrl}`].join('\n\n')
  for (const { email, name } of await recipientsOf(tx, accountId))
    await sendMail(ctx, tx, { to: email, subject, text: `Hello${name === '' ? '' : ` ${name}`},\n\n${text}\n` })
}

function saidOf(
  { config, business }: Context,
  { document, payBy: dueOn, proformaNumber }: FoundDocument,
  forecast: string,
): Said {
  const amount = (minor: bigint) => `${formatAmount(minor, document.currency)} ${document.currency.code}`
  const days = daysBetween(momentOfDay(dueOn, config.timeZone), business.now(), config.timeZone)
  const opening = `${titleOf(document)} ${document.number}`
  const name = opening.charAt(0).toLowerCase() + opening.slice(1)
  return {
    ...{ brand: config.brandName, name, opening, dueOn },
    paidName: proformaNumber === null ? name : `${name} (pro forma ${proformaNumber})`,
    ...{ due: amount(document.dueMinor), total: amount(document.totalMinor), isPaid: document.paidOn !== null },
    corrects: document.corrects?.number ?? '',
    late: days === 1 ? '1 day' : `${days} days`,
    forecast,
  }
}
