import type { ErrorCode } from '@innkeeper/contract'
import type { Finding, Problem } from '@innkeeper/drivers'
import { Refusal } from '../../refusal.ts'

/** What the User API calls each problem the rules of records find. */
const codes: Record<Problem, ErrorCode> = {
  type: 'dnsnotvalidtype',
  name: 'dnserrhostname',
  ttl: 'dnserrinv_ttl',
  priority: 'dnserrinv_prio',
  mx_priority: 'dnserrmx_prio',
  ip: 'dnserrip',
  ipv4: 'dnserripv4',
  ipv6: 'dnserripv6',
  hostname: 'dnserrhostname',
  ns_target: 'dnserrns_hname',
  srv_name: 'dnserrsrv_name',
  srv_target: 'dnserrsrv_trgt',
  srv_port: 'dnserrsrv_port',
  srv_weight: 'dnserrsrv_wght',
  content: 'dnserrcontent',
  cname_not_alone: 'dnserrcname',
  cname_exists: 'dnserrcname_exists',
  cname_at_apex: 'dnserrcname',
  // Clients that send a record twice look for this one: the record is there, as they want it.
  duplicate: 'conflict',
  ttl_differs: 'dnserrinv_ttl',
  wrong_place: 'dnserrrr_type',
  rrset_too_large: 'dnserrcontent',
  glue_missing: 'dnserrns_hname',
  null_mx_not_alone: 'dnserrcontent',
}

/** The refusal of a record, or of the zone it would make: the first finding gives the code, all are under `fields`. */
export function refusalOf(findings: readonly Finding[]): Refusal {
  const fields: Record<string, ErrorCode[]> = {}
  for (const { problem, field } of findings) {
    fields[field] = [...new Set([...(fields[field] ?? []), codes[problem]])]
  }
  const [first] = findings
  const code = first === undefined ? 'dnserrcontent' : codes[first.problem]
  return code === 'conflict' ? new Refusal('conflict') : new Refusal(code, { fields })
}
