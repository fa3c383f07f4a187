/*
 * Creditor references of ISO 11649: `RF`, two check digits, and up to 21 letters and digits of ours. Banks carry them
 * through, and most banking programs refuse one that was mistyped.
 */

/** The reference of a number: `RF18 5391` printed in groups of four, as {@link printedReference} does. */
export function creditorReference(number: string): string {
  if (!/^\d{1,21}$/.test(number)) throw new Error('a reference is made of up to 21 digits')
  return `RF${String(98 - remainder(`${number}RF00`)).padStart(2, '0')}${number}`
}

/** In groups of four, as the standard prints it. */
export function printedReference(reference: string): string {
  return reference.replaceAll(/(.{4})(?=.)/g, '$1 ')
}

/** The numbers of all references in a text, however they are spaced. What does not fit its check digits is none. */
export function referencedNumbers(text: string): string[] {
  const found = new Set<string>()
  for (const [, check = '', spaced = ''] of text.matchAll(/RF[ ]?(\d\d)((?:[ ]?\d){1,21})/gi)) {
    // Digits of something else may follow after a space, so whole groups are taken off the end until the check fits.
    for (let digits = spaced; digits.trim() !== ''; digits = digits.replace(/ ?\d+$/, '')) {
      const number = digits.replaceAll(' ', '')
      if (remainder(`${number}RF${check}`) === 1) {
        found.add(number)
        break
      }
    }
  }
  return [...found]
}

/** ISO 7064 MOD 97-10 over digits and letters, A is 10. */
function remainder(text: string): number {
  let rest = 0
  for (const sign of text) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
