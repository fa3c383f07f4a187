import { Refusal } from '../refusal.ts'

/** Objects and lists may be this deep in one another, the outermost counted. */
export const maxDepth = 8

/**
 * Parses the JSON body of a request. Stricter than JSON.parse: what two readers could understand differently (a key
 * twice in one object, `__proto__`) is refused, RFC 8259 §4.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('bad_request')
  }
  checkStructure(text)
  return value
}

/** Walks text that is known to be JSON and looks at depth and keys only. */
function checkStructure(text: string): void {
  const open: (Set<string> | undefined)[] = [] // the keys seen, of an object; undefined for a list
  let keyNext = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x22 /* " */) {
      const end = endOfString(text, i)
      if (keyNext) addKey(open.at(-1), text.slice(i, end + 1))
      keyNext = false
      i = end
    } else if (char === 0x7b /* { */ || char === 0x5b /* [ */) {
      keyNext = char === 0x7b
      if (open.push(keyNext ? new Set() : undefined) > maxDepth) throw new Refusal('bad_request')
    } else if (char === 0x7d /* } */ || char === 0x5d /* ] */) {
      open.pop()
      keyNext = false
    } else if (char === 0x2c /* , */) {
      keyNext = open.at(-1) !== undefined
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
}

function addKey(keys: Set<string> | undefined, quoted: string): void {
  const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
  if (keys === undefined || keys.has(key) || key === '__proto__') throw new Refusal('bad_request')
  keys.add(key)
}
