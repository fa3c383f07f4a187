import { parseTarget } from '../names.ts'
import { quote } from '../presentation.ts'
import { dottedLast, refuse, type TypeRule, wholeNumber, words } from '../rule.ts'

/**
 * RFC 3403 §4.1: order, preference, flags, service, then either a regular expression or a replacement name. As in zone
 * files a backslash is written twice, so the back reference `\1` is `\\1`.
 */
export const naptr: TypeRule = {
  parse({ content }) {
    const tokens = words(content) ?? []
    const [order, preference, flags, service, regexp, replacement] = tokens
    const orderNumber = wholeNumber(order?.text, 65535)
    const preferenceNumber = wholeNumber(preference?.text, 65535)
    if (replacement === undefined || tokens.length > 6 || orderNumber === undefined || preferenceNumber === undefined) {
      return refuse('content', 'content', 'a NAPTR record holds order, preference, flags, service, regexp, replacement')
    }
    const flag = flags?.bytes.toString('latin1').toUpperCase() ?? ''
    if (!/^[SAUP]?$/.test(flag)) return refuse('content', 'content', 'NAPTR flags are "S", "A", "U", "P" or ""')
    const serviceBytes = service?.bytes ?? Buffer.alloc(0)
    if (!/^[A-Za-z0-9+:._-]{0,255}$/.test(serviceBytes.toString('latin1'))) {
      return refuse('content', 'content', 'the NAPTR service is of letters, digits and + : . _ -, such as "E2U+sip"')
    }
    const target = replacement.text === '.' ? '.' : parseTarget(replacement.text)
    if (target === undefined) return refuse('content', 'content', 'the NAPTR replacement is a full name, or . for none')
    const expression = regexp?.bytes ?? Buffer.alloc(0)
    if ((expression.length === 0) === (target === '.')) {
      return refuse('content', 'content', 'a NAPTR record has either a regexp or a replacement')
    }
    if (expression.length > 255 || (expression.length > 0 && !isSubstitution(expression.toString('latin1')))) {
      return refuse('content', 'content', 'the NAPTR regexp is a substitution such as "!^.*$!sip:info@example.net!"')
    }
    const fields = [Buffer.from(flag), serviceBytes, expression].map(quote)
    return { content: [orderNumber, preferenceNumber, ...fields, target].join(' ') }
  },
  present: record => dottedLast(record.content),
}

/** RFC 3402 §3.2: the delimiter three times, unescaped, then the flag `i` or nothing. */
function isSubstitution(text: string): boolean {
  const delimiter = text.charAt(0)
  if (/[0-9i\\\s]/.test(delimiter)) return false
  let found = 0
  let last = 0
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === delimiter) {
      found++
      last = at
    }
  }
  return found === 3 && /^i?$/.test(text.slice(last + 1))
}
