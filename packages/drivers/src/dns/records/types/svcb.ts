import { parseTarget } from '../names.ts'
import { dotted, refuse, type TypeRule, wholeNumber } from '../rule.ts'
import { parseParams } from './svc-params.ts'

/**
 * SVCB and HTTPS, RFC 9460. The priority is the first word of the content, 0 is the alias form and has no parameters; the
 * target `.` is the owner itself. Parameters are sorted by the number of their key.
 */
export const svcb: TypeRule = {
  parse({ content }) {
    const text = typeof content === 'string' ? content.trim() : content.map(String).join(' ')
    const [, first, host, rest = ''] = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s.exec(text) ?? []
    const priority = wholeNumber(first, 65535)
    const target = host === '.' ? '.' : parseTarget(host ?? '')
    if (priority === undefined || target === undefined) {
      return refuse('content', 'content', 'the record holds priority, target and parameters, such as 1 . alpn="h2,h3"')
    }
    const params = parseParams(rest)
    if (typeof params === 'string') return refuse('content', 'content', params)
    if (priority === 0 && params.length > 0) {
      return refuse('content', 'content', 'the alias form (priority 0) has no parameters')
    }
    return { content: [priority, target, ...params].join(' ') }
  },
  present({ content }) {
    const [priority = '', target = '', ...params] = content.split(' ')
    return [priority, dotted(target), ...params.map(byNumber)].join(' ')
  },
}

/** Name servers know the keys of RFC 9460 by name; later ones are written by number, which all of them understand. */
function byNumber(param: string): string {
  if (param.startsWith('mandatory=')) return param.replace(/\bdohpath\b/, 'key7').replace(/\bohttp\b/, 'key8')
  return param.replace(/^dohpath(?==)/, 'key7').replace(/^ohttp$/, 'key8')
}
