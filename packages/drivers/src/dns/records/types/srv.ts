import { parseHostname } from '../names.ts'
import { dottedLast, refuse, type TypeRule, wholeNumber, words } from '../rule.ts'

/**
 * RFC 2782. The priority is a field of its own; the content is weight, port, target as a list or as text, and text may
 * begin with the priority as zone files write it. The target `.` says that the service is not offered.
 */
export const srv: TypeRule = {
  parse({ name, priority: sent, content }) {
    if (!/^_[^.]+\._[^.]+\./.test(name)) {
      return refuse('srv_name', 'name', 'an SRV record is named _service._protocol, such as _sip._tcp')
    }
    const parts = (words(content) ?? []).map(token => token.text)
    const leads = typeof content === 'string' && parts.length === 4
    const priority = leads ? wholeNumber(parts.shift(), 65535) : sent
    const [weight, port, host, ...more] = parts
    if (host === undefined || more.length > 0) {
      return refuse('content', 'content', 'an SRV record holds weight, port and target, such as 5 5060 sip.example.net')
    }
    if (priority === undefined || !Number.isInteger(priority) || priority < 0 || priority > 65535) {
      return refuse('priority', 'priority', 'an SRV record needs a priority from 0 to 65535')
    }
    if (sent !== undefined && sent !== priority) {
      return refuse('priority', 'priority', `the priority says ${sent}, the content ${priority}`)
    }
    const weightNumber = wholeNumber(weight, 65535)
    if (weightNumber === undefined) return refuse('srv_weight', 'content', 'the weight is a number from 0 to 65535')
    const portNumber = wholeNumber(port, 65535)
    if (portNumber === undefined) return refuse('srv_port', 'content', 'the port is a number from 0 to 65535')
    const target = host === '.' ? '.' : parseHostname(host)
    if (target === undefined) return refuse('srv_target', 'content', 'the target is a full host name, or . for none')
    return { priority, content: `${weightNumber} ${portNumber} ${target}` }
  },
  present: record => `${record.priority} ${dottedLast(record.content)}`,
}
