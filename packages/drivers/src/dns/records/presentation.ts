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
  if (!text.includes('\\')) return Buffer.from(text)
  const parts: Buffer[] = []
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) !== '\\') {
      plain += text.charAt(at)
      continue
    }
    const digits = /^\d{3}/.exec(text.slice(at + 1))?.[0]
    if (digits === undefined) {
      if (at + 1 >= text.length || /\d/.test(text.charAt(at + 1))) return undefined
      plain += text.charAt(++at)
      continue
    }
    if (Number(digits) > 255) return undefined
    parts.push(Buffer.from(plain), Buffer.from([Number(digits)]))
    plain = ''
    at += 3
  }
  return Buffer.concat([...parts, Buffer.from(plain)])
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
