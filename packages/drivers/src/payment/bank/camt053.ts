import { XMLParser } from 'fast-xml-parser'
import {
  badStatement,
  dayOfParts,
  mustBeKeepable,
  readEach,
  type StatementEntry,
  type StatementLimits,
} from './statement.ts'

/*
 * ISO 20022 camt.053, the bank's statement as XML, in any of its versions: the elements used here have kept their names
 * since the first (https://www.iso20022.org/iso-20022-message-definitions).
 */

const lists = new Set(['Stmt', 'Ntry', 'NtryDtls', 'TxDtls', 'Ustrd', 'Strd'])
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: name => lists.has(name),
})

/** An element: its parts by name, or its text. */
type Node = { readonly [name: string]: unknown } | undefined

/**
 * Reads a camt.053 document: what was booked, a batch as its single transactions. Throws a DriverError `refused` that
 * names each wrong entry in a line.
 */
export function readCamt053(bytes: Buffer, limits: StatementLimits = {}): StatementEntry[] {
  const text = bytes.toString('utf8')
  // Entities could read files or grow without end; no bank needs a document type.
  if (/<!DOCTYPE/i.test(text)) throw badStatement('the file has a document type, which no statement has')
  let document: Node
  try {
    document = parser.parse(text, true) as Node // an object for any XML
  } catch (error) {
    throw badStatement(`the file is not XML: ${error instanceof Error ? error.message : error}`)
  }
  const statements = all(at(document, 'Document', 'BkToCstmrStmt'), 'Stmt')
  if (statements.length === 0) throw badStatement('the file is no camt.053 document')
  return readEach(
    statements.flatMap(statement => all(statement, 'Ntry').flatMap(bookingsOf)),
    booking => mustBeKeepable(entryOf(booking), booking.where, limits),
  )
}

/** What was booked, on its own or as one of a batch. */
interface Booking {
  readonly entry: Node
  /** What says its direction: the entry, or the transaction of a batch. */
  readonly part: Node
  readonly amount: Node
  /** Who and what for; several are a batch that cannot be taken apart. */
  readonly details: readonly Node[]
  readonly id: string
  readonly where: string
}

function bookingsOf(entry: Node, index: number): Booking[] {
  const where = `entry ${index + 1}`
  const status = at(entry, 'Sts')
  if ((textOf(at(status, 'Cd')) || textOf(status)) !== 'BOOK') return []
  const details = all(entry, 'NtryDtls').flatMap(one => all(one, 'TxDtls'))
  const id = textOf(at(entry, 'AcctSvcrRef'))
  const whole = { entry, part: entry, amount: at(entry, 'Amt'), details, id, where }
  if (details.length <= 1) return [whole]
  const parts = details.map((part, nth) => ({
    ...{ entry, part, amount: at(part, 'Amt') ?? at(part, 'AmtDtls', 'TxAmt', 'Amt'), details: [part] },
    ...{ id: id === '' ? '' : `${id}#${nth + 1}`, where: `${where}, transaction ${nth + 1}` },
  }))
  return sumUp(parts, whole) ? parts : [whole]
}

/**
 * Whether the amounts of a batch are those that were booked. They may be left out, or be what was instructed: in another
 * currency, or before charges. The entry counts once, and is whole then.
 */
function sumUp(parts: readonly Booking[], whole: Booking): boolean {
  const total = moneyOf(whole)
  const money = parts.map(moneyOf)
  if (total === undefined || !money.every(one => one?.currency === total.currency)) return false
  return money.reduce((sum, one) => sum + (one?.fine ?? 0n), 0n) === total.fine
}

/** What an amount of ISO 20022 may have: 18 digits, of which 5 are decimals. */
const mostDecimals = 5

/** Signed by the direction, and counted in the finest part of any currency. Undefined: it has none, or cannot be read. */
function moneyOf({ entry, part, amount }: Booking) {
  const [figure, units = '', decimals = ''] = /^(\d{1,18})(?:\.(\d{1,5}))?$/.exec(textOf(amount)) ?? []
  const currency = textOf(at(amount, '@Ccy'))
  const direction = textOf(at(part, 'CdtDbtInd') ?? at(entry, 'CdtDbtInd'))
  if (figure === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined
  const fine = BigInt(units + decimals.padEnd(mostDecimals, '0'))
  return { figure, currency, direction, fine: direction === 'DBIT' ? -fine : fine }
}

function entryOf(booking: Booking): StatementEntry {
  const { entry, details, id, where } = booking
  const money = moneyOf(booking)
  if (money === undefined) throw badStatement(`${where} has no amount`)
  const { figure, currency, direction } = money
  if (direction !== 'CRDT' && direction !== 'DBIT') throw badStatement(`${where} says neither CRDT nor DBIT`)
  const batch = details.length > 1
  const own = batch ? '' : textOf(at(details[0], 'Refs', 'AcctSvcrRef'))
  const bankId = [own, id].find(each => each !== '' && each !== 'NONREF')
  return {
    ...(bankId === undefined ? {} : { bankId }),
    bookedOn: dayOf(at(entry, 'BookgDt'), where),
    amount: direction === 'CRDT' ? figure : `-${figure}`,
    currency,
    payer: [...new Set(details.map(one => partyOf(one, direction)).filter(name => name !== ''))].join(', '),
    text: [...details.flatMap(writtenParts), textOf(at(entry, 'AddtlNtryInf'))].filter(part => part !== '').join(' '),
    returned: textOf(at(entry, 'RvslInd')) === 'true' || details.some(one => at(one, 'RtrInf') !== undefined),
    batch,
  }
}

/** Who is on the other side. */
function partyOf(details: Node, direction: 'CRDT' | 'DBIT'): string {
  const party = at(details, 'RltdPties', direction === 'CRDT' ? 'Dbtr' : 'Cdtr')
  return textOf(at(party, 'Nm')) || textOf(at(party, 'Pty', 'Nm'))
}

/** Free text, structured references and the payer's own id. */
function writtenParts(details: Node): string[] {
  const remittance = at(details, 'RmtInf')
  const parts = [
    ...all(remittance, 'Ustrd').map(textOf),
    ...all(remittance, 'Strd').map(one => textOf(at(one, 'CdtrRefInf', 'Ref'))),
    textOf(at(details, 'Refs', 'EndToEndId')),
    textOf(at(details, 'AddtlTxInf')),
  ]
  return parts.filter(part => part !== 'NOTPROVIDED')
}

function dayOf(date: Node, where: string): string {
  const text = textOf(at(date, 'Dt')) || textOf(at(date, 'DtTm'))
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? []
  const found = dayOfParts(year, month, day)
  if (found === undefined) throw badStatement(`${where} has no booking date`)
  return found
}

function at(node: unknown, ...path: string[]): Node {
  let found = node
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Record<string, unknown>)[name] // an object with this name, as just seen
  }
  return found as Node // a text is looked at by textOf only
}

function all(node: Node, name: string): Node[] {
  const found: unknown = at(node, name)
  return Array.isArray(found) ? found : []
}

/** The text of an element, also where it has attributes. */
function textOf(node: unknown): string {
  if (typeof node === 'string') return node.trim()
  if (typeof node !== 'object' || node === null || !('#text' in node)) return ''
  return String(node['#text']).trim()
}
