/** The entries of a tree as JSON or PHP brackets bring it: an object, or a list where the keys are 0, 1, … */
export function branches(tree: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (tree === undefined || tree === null || tree === '') return []
  return typeof tree === 'object' ? Object.entries(tree) : undefined
}

/** A whole number of at least 0, as a number or a text. Undefined: something else. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

const switches: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['on', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['off', false],
  ['no', false],
  ['', false],
])

/** A switch, in every form that clients send one; the id of what it switches means on. Undefined: something else. */
export function readSwitch(value: unknown, id: string): boolean | undefined {
  if (value === null) return false
  // What clients send as an object need not be able to become a text.
  if (typeof value === 'object') return undefined
  const text = String(value)
  return text === id ? true : switches.get(text.toLowerCase())
}
