/**
 * A domain name in wire form, as a latin1 string: one character a byte, lengths and final root label included. Strings rather than
 * buffers because they are Map keys, compare fast and take a third of the memory. Throws for names that cannot be (RFC 1035 §2.3.4).
 */
export function nameToWire(name: string): string {
  if (name === '.' || name === '') return '\0'
  const labels = name.includes('\\') ? splitEscaped(name) : name.split('.')
  if (labels[labels.length - 1] === '') labels.pop()
  let wire = ''
  for (const label of labels) {
    if (label.length === 0 || label.length > 63)
      throw new RangeError(`a label of ${name} is empty or longer than 63 bytes`)
    wire += String.fromCharCode(label.length) + label
  }
  wire += '\0'
  if (wire.length > 255) throw new RangeError(`${name} is longer than 255 bytes`)
  if (/[^\0-\xff]/.test(wire)) throw new RangeError(`${name} is not ASCII`)
  return wire
}

function splitEscaped(name: string): string[] {
  const labels: string[] = []
  let label = ''
  for (let at = 0; at < name.length; at++) {
    const character = name.charAt(at)
    if (character === '.') {
      labels.push(label)
      label = ''
    } else if (character === '\\') {
      const digits = /^\d{3}/.exec(name.slice(at + 1))?.[0]
      if (at + 1 >= name.length || Number(digits ?? 0) > 255) throw new RangeError(`a broken escape in ${name}`)
      label += digits === undefined ? name.charAt(at + 1) : String.fromCharCode(Number(digits))
      at += digits === undefined ? 1 : 3
    } else {
      label += character
    }
  }
  labels.push(label)
  return labels
}

/** The name with its ASCII letters in lower case, as names compare (RFC 4343 §3). */
export function lowerName(wire: string): string {
  return wire.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}

/** A name of plain host name characters as text, without trailing dot. */
export function wireToName(wire: string): string {
  const labels: string[] = []
  for (let at = 0; wire.charCodeAt(at) > 0; at += wire.charCodeAt(at) + 1) {
    labels.push(wire.slice(at + 1, at + 1 + wire.charCodeAt(at)))
  }
  return labels.join('.')
}
