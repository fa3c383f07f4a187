import type { CustomerType, Finding, Problem } from './types.ts'
import { hasType, isDelegated, type ZoneEntry, type ZoneView } from './zone-names.ts'

/**
 * What is likely not meant at one name. None of it is refused, because records arrive one by one: whoever delegates must be
 * able to send the NS first and its glue afterwards, or the other way round.
 */
export function warningsAt(view: ZoneView, name: string): Finding[] {
  const here = view.at(name)
  const found = here.map(entry => targetWarning(view, entry)).filter(finding => finding !== undefined)
  if (name === view.zone && here.filter(entry => entry.type === 'NS').length === 1) {
    found.push(warn('wrong_place', 'type', 'one name server alone: when it fails, the zone is gone (RFC 2182 §5)'))
  }
  const ttls = new Map<CustomerType, number>()
  for (const entry of here) {
    const other = ttls.get(entry.type)
    if (other === undefined) ttls.set(entry.type, entry.ttlSeconds)
    else if (other !== entry.ttlSeconds) {
      found.push(warn('ttl_differs', 'ttl', `the ${entry.type} records of ${name} have several TTLs`))
    }
  }
  return found
}

function targetWarning(view: ZoneView, entry: ZoneEntry): Finding | undefined {
  const target = targetOf(entry)
  if (target === undefined || (target !== view.zone && !target.endsWith(`.${view.zone}`))) {
    const mapped = entry.type === 'AAAA' && entry.content.startsWith('::ffff:')
    return mapped ? warn('ipv6', 'content', `${entry.content} is an IPv4 address: use an A record`) : undefined
  }
  if (hasType(view, target, 'CNAME')) {
    return warn(targetProblem(entry.type), 'content', `${target} is a CNAME, which ${entry.type} must not lead to`)
  }
  const inside = entry.type === 'NS' && (entry.name === target || target.endsWith(`.${entry.name}`))
  const needed = inside && (isDelegated(view, entry.name) || entry.name === view.zone)
  if (!needed || hasType(view, target, 'A') || hasType(view, target, 'AAAA')) return undefined
  return warn('glue_missing', 'content', `${target} has no address: without one nobody finds this name server`)
}

function targetOf({ type, content }: ZoneEntry): string | undefined {
  if (type === 'MX' || type === 'NS') return content
  return type === 'SRV' ? content.slice(content.lastIndexOf(' ') + 1) : undefined
}

function targetProblem(type: CustomerType): Problem {
  if (type === 'NS') return 'ns_target'
  return type === 'SRV' ? 'srv_target' : 'hostname'
}

function warn(problem: Problem, field: Finding['field'], detail: string): Finding {
  return { problem, field, detail, warning: true }
}
