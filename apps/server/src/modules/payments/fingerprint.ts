import { createHash } from 'node:crypto'
import type { StatementEntry } from '@innkeeper/drivers'

/**
 * What each movement of a statement is known by, so that statements may overlap: its facts, with the bank's own id where it
 * has one, and its place among equals. The id alone is not enough: banks give one to a batch of several movements.
 * Statements hold whole days, so equals of a day are counted alike in each of them.
 */
export function fingerprints(entries: readonly StatementEntry[]): string[] {
  const counted = new Map<string, number>()
  return entries.map(entry => {
    const { bankId = '', bookedOn, amount, currency, payer, text } = entry
    const facts = JSON.stringify([bankId, bookedOn, amount, currency, payer, text])
    const place = (counted.get(facts) ?? 0) + 1
    counted.set(facts, place)
    return `sha256:${createHash('sha256').update(`${facts}#${place}`).digest('hex')}`
  })
}
