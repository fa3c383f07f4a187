import { createHash } from 'node:crypto'
import type { StatementEntry } from '@innkeeper/drivers'

/**
 * What each movement of a statement is known by, so that statements may overlap: the bank's own id, or else its facts and
 * its place among equals. Statements hold whole days, so equals of a day are counted alike in each of them.
 */
export function fingerprints(entries: readonly StatementEntry[]): string[] {
  const counted = new Map<string, number>()
  return entries.map(entry => {
    if (entry.bankId !== undefined) return `id:${entry.bankId}`
    const { bookedOn, amount, currency, payer, text } = entry
    const facts = JSON.stringify([bookedOn, amount, currency, payer, text])
    const place = (counted.get(facts) ?? 0) + 1
    counted.set(facts, place)
    return `sha256:${createHash('sha256').update(`${facts}#${place}`).digest('hex')}`
  })
}
