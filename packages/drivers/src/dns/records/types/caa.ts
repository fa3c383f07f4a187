import { parseHostname } from '../names.ts'
import { quote } from '../presentation.ts'
import { refuse, type TypeRule, words } from '../rule.ts'

const issuerTags = new Set(['issue', 'issuewild', 'issuemail', 'issuevmc'])
const example = 'such as 0 issue "ca.example.net"'

/** RFC 8659, parameters RFC 8657, issuemail RFC 9495. A tag nobody knows may not be critical: it would forbid all issuing. */
export const caa: TypeRule = {
  parse({ content }) {
    const [flags, tagToken, value, ...more] = words(content) ?? []
    const tag = tagToken?.text.toLowerCase()
    if (flags === undefined || tag === undefined || value === undefined || more.length > 0) {
      return refuse('content', 'content', `a CAA record holds flags, tag and quoted value, ${example}`)
    }
    if (flags.text !== '0' && flags.text !== '128') return refuse('content', 'content', 'CAA flags are 0 or 128')
    if (!/^[a-z0-9]{1,15}$/.test(tag)) return refuse('content', 'content', 'a CAA tag is up to 15 letters and digits')
    const canonical = canonicalValue(tag, value.bytes, flags.text === '128')
    if (canonical === undefined) return refuse('content', 'content', `the value does not fit the CAA tag, ${example}`)
    return { content: `${flags.text} ${tag} ${quote(canonical)}` }
  },
  present: record => record.content,
}

function canonicalValue(tag: string, bytes: Buffer, critical: boolean): Buffer | undefined {
  const text = bytes.toString('latin1')
  const known = issuerTags.has(tag) || tag === 'iodef' || tag === 'contactemail' || tag === 'contactphone'
  if (!known) return critical ? undefined : bytes
  if (!/^[\x20-\x7e\t]*$/.test(text)) return undefined
  const canonical = issuerTags.has(tag) ? canonicalIssuer(text) : canonicalContact(tag, text.trim())
  return canonical === undefined ? undefined : Buffer.from(canonical)
}

/** RFC 8659 §4.2: `[domain] [; name=value [; name=value]]`; a lone semicolon forbids everybody. */
function canonicalIssuer(text: string): string | undefined {
  const [domain = '', ...parameters] = text.split(';').map(part => part.trim())
  const issuer = domain === '' ? '' : parseHostname(domain)
  if (issuer === undefined || (domain === '' && parameters.length === 0)) return undefined
  const named = parameters.filter((part, at) => part !== '' || at < parameters.length - 1)
  if (!named.every(part => /^[a-z0-9]+(?:-+[a-z0-9]+)*[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e]*$/i.test(part)))
    return undefined
  const written = named.map(part => part.replace(/[ \t]*=[ \t]*/, '='))
  return written.length === 0 ? issuer || ';' : `${issuer}; ${written.join('; ')}`
}

function canonicalContact(tag: string, text: string): string | undefined {
  if (tag === 'contactphone') return /^\+?[0-9][0-9 ().-]*$/.test(text) ? text : undefined
  if (tag === 'contactemail') return isMailbox(text) ? text : undefined
  if (/^mailto:/i.test(text)) return isMailbox(text.slice(7).split('?')[0] ?? '') ? text : undefined
  return /^https?:\/\/[^\s/]\S*$/i.test(text) && URL.canParse(text) ? text : undefined
}

function isMailbox(text: string): boolean {
  return /^[^\s@"<>]+@[^\s@"<>]+$/.test(text) && parseHostname(text.slice(text.indexOf('@') + 1)) !== undefined
}
