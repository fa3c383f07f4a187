import { parseHostname } from '../names.ts'
import { dotted, refuse, type TypeRule, wholeNumber, words } from '../rule.ts'

/** RFC 1035 §3.3.9, null MX RFC 7505. `10 mail.example.org.` is taken too where it does not contradict the priority. */
export const mx: TypeRule = {
  parse({ priority: sent, content }) {
    const tokens = words(content) ?? []
    const host = tokens.at(-1)?.text
    if (host === undefined || tokens.length > 2) {
      return refuse('hostname', 'content', 'an MX record holds a host name, its preference is the priority')
    }
    const target = host === '.' ? '.' : parseHostname(host)
    if (target === undefined) {
      return refuse('hostname', 'content', 'an MX record names a host in full such as mail.example.net, not an address')
    }
    const written = tokens.length === 2 ? wholeNumber(tokens[0]?.text, 65535) : undefined
    const priority = tokens.length === 2 ? written : (sent ?? (target === '.' ? 0 : undefined))
    if (priority === undefined || !isPreference(priority)) {
      return refuse('mx_priority', 'priority', 'an MX record needs a priority from 0 to 65535')
    }
    if (sent !== undefined && sent !== priority) {
      return refuse('mx_priority', 'priority', `the priority says ${sent}, the content ${priority}`)
    }
    if (target === '.' && priority !== 0) {
      return refuse('mx_priority', 'priority', 'the null MX has priority 0 (RFC 7505 §3)')
    }
    return { priority, content: target }
  },
  present: record => `${record.priority} ${dotted(record.content)}`,
}

function isPreference(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 65535
}
