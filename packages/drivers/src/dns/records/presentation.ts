/** One item of record data as zone files write it (RFC 1035 §5.1): a word, or a quoted character-string. */
export interface Token {
  /** The bytes it stands for, escapes resolved. */
  readonly bytes: Buffer
  /** As written, without the quotes. */
  readonly text: string
  readonly quoted: boolean
}

/** Splits record data into its tokens; undefined where quotes or escapes are broken. */
export function tokenize(data: string): Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  while (at < data.length) {
    if (/\s/.test(data.charAt(at))) {
      at++
      continue
    }
    const quoted = data.charAt(at) === '"'
    const start = quoted ? at + 1 : at
    let end = start
    while (end < data.length && (quoted ? data.charAt(end) !== '"' : !/\s/.test(data.charAt(end)))) {
      if (!quoted && data.charAt(end) === '"') return undefined
      end += data.charAt(end) === '\\' ? 2 : 1
    }
    if (end > data.length || (quoted && end === data.length)) return undefined
    const text = data.slice(start, end)
    const bytes = resolveEscapes(text)
    if (bytes === undefined) return undefined
    tokens.push({ bytes, text, quoted })
    at = quoted ? end + 1 : end
    if (quoted && at < data.length && !/\s/.test(data.charAt(at))) return undefined
  }
  return tokens
}

/** The bytes of a text with `\DDD` and `\X` escapes; undefined where one is broken. */
function resolveEscapes(text: string): Buffer | undefined {
  const written = Buffer.from(text)
  if (!text.includes('\\')) return written
  let length = 0
  for (let at = 0; at < written.length; at++) {
    // Of an escaped character of several bytes the others follow as they are.
    if (written[at] === 0x5c) {
      at++
      if (at === written.length) return undefined
      if (isDigit(written[at])) {
        const digits = written.toString('latin1', at, at + 3)
        if (!/^(?:[01]\d\d|2[0-4]\d|25[0-5])$/.test(digits)) return undefined
        written[length++] = Number(digits)
        at += 2
        continue
      }
    }
    written[length++] = written[at] ?? 0
  }
  return written.subarray(0, length)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Bytes as a quoted character-string: printable ASCII as it is, quote and backslash escaped, the rest as `\DDD`. */
export function quote(bytes: Uint8Array): string {
  let text = '"'
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\${String(byte).padStart(3, '0')}`
  }
  return `${text}"`
}
