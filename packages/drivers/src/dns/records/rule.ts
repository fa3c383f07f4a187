import { type Token, tokenize } from './presentation.ts'
import type { Finding, Problem, StoredRecord } from './types.ts'

/** What a customer sent as content: text, or the parts one by one. */
export type Content = string | readonly (string | number)[]

/** What is sent of a record, as the rule of its type gets it. */
export interface RuleInput {
  readonly zone: string
  /** Full owner name, canonical. */
  readonly name: string
  /** As sent beside the content; undefined where nothing was sent. */
  readonly priority: number | undefined
  readonly content: Content
}

/** A record's own part of StoredRecord, canonical. */
export interface Parsed {
  /** MX and SRV only. */
  readonly priority?: number
  readonly content: string
}

/** What one type knows about its data. Neither function throws, whatever it is given. */
export interface TypeRule {
  /** From any accepted way of writing to the canonical one; its own output comes out unchanged. */
  parse(input: RuleInput): Parsed | Finding
  /** From the canonical content to the data of ZoneRecord, which parse takes as well. */
  present(record: Pick<StoredRecord, 'priority' | 'content'>): string
}

/** The finding of a rule that says no. */
export function refuse(problem: Problem, field: Finding['field'], detail: string): Finding {
  return { problem, field, detail }
}

/** The words of the content. Parts of a list are a word each, even with spaces; undefined where quotes are broken. */
export function words(content: Content): Token[] | undefined {
  if (typeof content === 'string') return tokenize(content)
  return content.map(part => {
    const tokens = tokenize(String(part))
    const only = tokens?.length === 1 ? tokens[0] : undefined
    return only ?? { bytes: Buffer.from(String(part)), text: String(part), quoted: false }
  })
}

/** The one unquoted word that the content is; undefined where it is anything else. */
export function oneWord(content: Content): string | undefined {
  const [only, ...more] = words(content) ?? []
  return only === undefined || only.quoted || more.length > 0 ? undefined : only.text
}

/** A whole number from 0 to `most`, decimal; undefined where it is none. Leading zeros are dropped. */
export function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined
  const number = Number(text)
  return number <= most ? number : undefined
}

/** Hex digits in lower case, that may be written in groups; undefined where they are no whole bytes. */
export function hexOf(tokens: readonly Token[]): string | undefined {
  const hex = tokens.map(token => token.text).join('')
  return /^(?:[0-9a-f]{2})+$/i.test(hex) ? hex.toLowerCase() : undefined
}

/** A name in zone file form: with the last dot; the root is a dot already. */
export function dotted(name: string): string {
  return name === '.' ? name : `${name}.`
}

/** Data whose last word is a name, with that name in zone file form. */
export function dottedLast(data: string): string {
  const at = data.lastIndexOf(' ') + 1
  return data.slice(0, at) + dotted(data.slice(at))
}
