import { quote, tokenize } from '../presentation.ts'
import { type Content, refuse, type TypeRule } from '../rule.ts'

/** What fits a message with its header and owner names. */
const mostBytes = 64_000

/**
 * RFC 1035 §3.3.14. Taken as the bare text, in which quotes inside and backslashes mean themselves, or, where it begins
 * with a quote, as strings of a zone file, which are joined as their readers do (RFC 7208 §3.3). Canonical is the bare text;
 * a value that bare text cannot say (bytes that are no UTF-8, control characters, a quote or a space at the edge) is
 * canonical as quoted strings. Name servers get strings of at most 255 bytes.
 */
export const txt: TypeRule = {
  parse({ content }) {
    const bytes = bytesOf(content)
    if (bytes === undefined) {
      return refuse('content', 'content', 'a TXT record holds text, bare on one line or as quoted strings')
    }
    if (bytes.length > mostBytes) return refuse('content', 'content', `a TXT record holds at most ${mostBytes} bytes`)
    return { content: canonical(bytes) }
  },
  present(record) {
    return strings(bytesOf(record.content) ?? Buffer.alloc(0))
  },
}

/** Length of the data on the wire: each string of up to 255 bytes has a length byte. */
export function txtWireLength(content: string): number {
  const length = (bytesOf(content) ?? '').length
  return length + Math.max(1, Math.ceil(length / 255))
}

function bytesOf(content: Content): Buffer | undefined {
  if (typeof content === 'string') return bytesOfText(content)
  const parts = content.map(part => bytesOfText(String(part)))
  const bytes = parts.filter(part => part !== undefined)
  return parts.length > 0 && bytes.length === parts.length ? Buffer.concat(bytes) : undefined
}

function bytesOfText(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (trimmed.startsWith('"')) {
    const tokens = tokenize(trimmed)
    return tokens?.every(token => token.quoted) ? Buffer.concat(tokens.map(token => token.bytes)) : undefined
  }
  return trimmed === '' || !isPlain(trimmed) ? undefined : Buffer.from(trimmed)
}

function canonical(bytes: Buffer): string {
  const text = bytes.toString()
  const bare = text !== '' && text.trim() === text && !text.startsWith('"') && isPlain(text)
  return bare && Buffer.from(text).equals(bytes) ? text : strings(bytes)
}

function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return Buffer.from(text).toString() === text && !/[\u0000-\u001f\u007f]/.test(text)
}

function strings(bytes: Buffer): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length || at === 0; at += 255) parts.push(quote(bytes.subarray(at, at + 255)))
  return parts.join(' ')
}
