import { XMLParser } from 'fast-xml-parser'
import {
  badStatement,
  dayOfParts,
  mustHaveCome,
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
    ({ entry, details, id, where }) => entryOf(entry, details, id, where, limits),
  )
}

/** What was booked, on its own or as one of a batch. */
interface Booking {
  readonly entry: Node
  readonly details: Node
  readonly id: string
  readonly where: string
}

function bookingsOf(entry: Node, index: number): Booking[] {
  const where = `entry ${index + 1}`
  const status = at(entry, 'Sts')
  if ((textOf(at(status, 'Cd')) || textOf(status)) !== 'BOOK') return []
  const details = all(entry, 'NtryDtls').flatMap(one => all(one, 'TxDtls'))
  const batch = textOf(at(entry, 'AcctSvcrRef'))
  if (details.length <= 1) return [{ entry, details: details[0], id: batch, where }]
  return details.map((one, nth) => ({
    ...{ entry, details: one, id: batch === '' ? '' : `${batch}#${nth + 1}` },
    where: `${where}, transaction ${nth + 1}`,
  }))
}

function entryOf(entry: Node, details: Node, entryId: string, where: string, limits: StatementLimits): StatementEntry {
  // In a batch each transaction has an amount of its own; alone it may leave it to the entry.
  const amount = at(details, 'Amt') ?? at(details, 'AmtDtls', 'TxAmt', 'Amt') ?? at(entry, 'Amt')
  const direction = textOf(at(details, 'CdtDbtInd') ?? at(entry, 'CdtDbtInd'))
  const currency = textOf(at(amount, '@Ccy'))
  const figure = textOf(amount)
  if (!/^\d+(\.\d+)?$/.test(figure) || !/^[A-Z]{3}$/.test(currency)) throw badStatement(`${where} has no amount`)
  if (direction !== 'CRDT' && direction !== 'DBIT') throw badStatement(`${where} says neither CRDT nor DBIT`)
  const bankId = [textOf(at(details, 'Refs', 'AcctSvcrRef')), entryId].find(id => id !== '' && id !== 'NONREF')
  const parties = at(details, 'RltdPties')
  const party = at(parties, direction === 'CRDT' ? 'Dbtr' : 'Cdtr')
  return {
    ...(bankId === undefined ? {} : { bankId }),
    bookedOn: mustHaveCome(dayOf(at(entry, 'BookgDt'), where), where, limits),
    amount: direction === 'CRDT' ? figure : `-${figure}`,
    currency,
    payer: textOf(at(party, 'Nm')) || textOf(at(party, 'Pty', 'Nm')),
    text: writtenText(details, entry),
    returned: textOf(at(entry, 'RvslInd')) === 'true' || at(details, 'RtrInf') !== undefined,
  }
}

/** Free text, structured references and the payer's own id, in one line. */
function writtenText(details: Node, entry: Node): string {
  const remittance = at(details, 'RmtInf')
  const parts = [
    ...all(remittance, 'Ustrd').map(textOf),
    ...all(remittance, 'Strd').map(one => textOf(at(one, 'CdtrRefInf', 'Ref'))),
    textOf(at(details, 'Refs', 'EndToEndId')),
    textOf(at(details, 'AddtlTxInf')),
    textOf(at(entry, 'AddtlNtryInf')),
  ]
  return parts.filter(part => part !== '' && part !== 'NOTPROVIDED').join(' ')
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
