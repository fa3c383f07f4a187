import { parseHostname, parseTarget } from '../names.ts'
import { dotted, oneWord, refuse, type TypeRule } from '../rule.ts'

/** RFC 1034 §3.6.2. That it stands alone and never at the apex is the zone's rule; here it may not name itself. */
export const cname: TypeRule = {
  parse({ name, content }) {
    const target = parseTarget(oneWord(content) ?? '')
    if (target === undefined) return refuse('hostname', 'content', 'a CNAME leads to one full name, not an address')
    if (target === name) return refuse('content', 'content', 'a CNAME cannot lead to itself')
    return { content: target }
  },
  present: record => dotted(record.content),
}

/** RFC 1035 §3.3.11: the host of a name server; at the apex the zone's own, below it a delegation. */
export const ns: TypeRule = {
  parse({ content }) {
    const host = parseHostname(oneWord(content) ?? '')
    if (host === undefined) {
      return refuse('ns_target', 'content', 'an NS record names a host in full such as ns1.example.net, not an address')
    }
    return { content: host }
  },
  present: record => dotted(record.content),
}

/** RFC 1035 §3.3.12. Underscores are fine: service discovery (RFC 6763 §4) points to `name._http._tcp.example.com`. */
export const ptr: TypeRule = {
  parse({ content }) {
    const target = parseTarget(oneWord(content) ?? '')
    if (target === undefined) return refuse('hostname', 'content', 'a PTR record holds one full host name')
    return { content: target }
  },
  present: record => dotted(record.content),
}
