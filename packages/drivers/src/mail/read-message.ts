/** A message of one text part, read back: header names in lower case. Reads what our own drivers write, for their tests. */
export function readMessage(message: string): { headers: Record<string, string>; text: string } {
  const [head = '', ...rest] = message.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
    }),
  )
  const body = rest.join('\r\n\r\n')
  return { headers, text: decodeBody(body, headers['content-transfer-encoding']).replaceAll('\r\n', '\n') }
}

/** RFC 2047 encoded words; the space between two of them is not part of the text. */
function decodeWords(value: string): string {
  return value.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/(?:=\?utf-8\?[QB]\?[^?]*\?=)+/gi, words => {
    const parts = [...words.matchAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi)]
    return Buffer.concat(
      parts.map(([, encoding = '', text = '']) =>
        encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : quotedPrintable(text.replaceAll('_', ' ')),
      ),
    ).toString('utf8')
  })
}

function decodeBody(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return quotedPrintable(body.replaceAll('=\r\n', '')).toString('utf8')
  return body
}

function quotedPrintable(text: string): Buffer {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_whole, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}
