import { namesAbove } from './names.ts'
import { refuse } from './rule.ts'
import type { CustomerType, Finding } from './types.ts'
import { rrsetWireLength } from './wire-length.ts'
import { isDelegated, isGlue, type ZoneEntry, type ZoneView } from './zone-names.ts'

/** A finding with what it is about, so that states of a zone can be compared. */
export interface PlacedFinding {
  /** Equal for the same problem of the same data. */
  readonly key: string
  /** The data at fault; undefined where it is something missing. */
  readonly entry?: ZoneEntry
  readonly finding: Finding
}

/** A DNS message holds 65535 bytes, and a question and a header besides the set. */
const mostRrsetBytes = 65_535
/** What may stand at a delegation: the delegation, its signature's anchor, and addresses where the name is a name server. */
const atDelegation: ReadonlySet<CustomerType> = new Set(['NS', 'DS', 'A', 'AAAA'])
const addresses: ReadonlySet<CustomerType> = new Set(['A', 'AAAA', 'URL', 'FRAME'])

/** Everything wrong at one name: it needs the records there and the delegations above. */
export function findingsAt(view: ZoneView, name: string): PlacedFinding[] {
  const here = view.at(name)
  const types = new Map<CustomerType, ZoneEntry[]>()
  for (const entry of here) {
    const set = types.get(entry.type)
    if (set === undefined) types.set(entry.type, [entry])
    else set.push(entry)
  }
  const found: PlacedFinding[] = []
  const add = (entry: ZoneEntry, finding: Finding) => found.push({ key: keyOf(finding, entry), entry, finding })
  const count = (type: CustomerType) => types.get(type)?.length ?? 0

  if (count('CNAME') > 0) cnameRules(view.zone, here, count('CNAME'), add)
  if (count('URL') + count('FRAME') > 0) redirectRules(here, add)
  if (count('NS') + count('DS') > 0) delegationRules(view.zone, here, count('NS') > 0, add)
  mailRules(types, add)
  textRules(types.get('TXT') ?? [], add)
  for (const set of types.values()) setRules(set, add)
  for (const entry of here) occlusionRules(view, entry, add)
  if (name === view.zone && count('NS') === 0) found.push({ key: 'no apex NS', finding: noApexNs })
  return found
}

type Add = (entry: ZoneEntry, finding: Finding) => void

const noApexNs = refuse('wrong_place', 'type', 'the zone needs an NS record at its own name')

/** RFC 1034 §3.6.2, RFC 2181 §10.1. */
function cnameRules(zone: string, here: readonly ZoneEntry[], cnames: number, add: Add): void {
  for (const entry of here) {
    if (entry.type !== 'CNAME') add(entry, refuse('cname_exists', 'name', `${entry.name} is a CNAME already`))
    else if (entry.name === zone) add(entry, refuse('cname_at_apex', 'name', 'the zone itself cannot be a CNAME'))
    else if (cnames > 1) add(entry, refuse('cname_exists', 'name', `${entry.name} is a CNAME already`))
    else if (here.length > 1) add(entry, refuse('cname_not_alone', 'name', `${entry.name} has other records`))
  }
}

/** A redirected name has the addresses of the redirector and no others, and one place to go. */
function redirectRules(here: readonly ZoneEntry[], add: Add): void {
  const rivals = here.filter(entry => addresses.has(entry.type))
  if (rivals.length < 2) return
  for (const entry of rivals) {
    add(entry, refuse('wrong_place', 'type', `${entry.name} is redirected: it has one URL or FRAME and no address`))
  }
}

/** RFC 1034 §4.2.1; DS RFC 4035 §2.4; wildcard delegations RFC 4592 §4.2. */
function delegationRules(zone: string, here: readonly ZoneEntry[], hasNs: boolean, add: Add): void {
  for (const entry of here) {
    const wild = entry.name.startsWith('*.')
    if (entry.type === 'DS' && (entry.name === zone || !hasNs)) {
      add(entry, refuse('wrong_place', 'type', 'a DS record belongs to a delegation: add the NS records first'))
    } else if (wild && (entry.type === 'NS' || entry.type === 'DS')) {
      add(entry, refuse('wrong_place', 'name', 'a wildcard cannot be delegated'))
    } else if (hasNs && entry.name !== zone && !atDelegation.has(entry.type)) {
      add(entry, refuse('wrong_place', 'name', `${entry.name} is delegated, other records belong into its own zone`))
    }
  }
}

/** Null MX RFC 7505 §3; an MXE makes an MX of its own. */
function mailRules(types: ReadonlyMap<CustomerType, readonly ZoneEntry[]>, add: Add): void {
  const mx = types.get('MX') ?? []
  const mxe = types.get('MXE') ?? []
  if (mx.some(entry => entry.content === '.') && mx.length + mxe.length > 1) {
    for (const entry of [...mx, ...mxe]) {
      add(entry, refuse('null_mx_not_alone', 'content', 'a null MX says that no mail is taken: it stands alone'))
    }
  } else if (mx.length > 0 && mxe.length > 0) {
    for (const entry of [...mx, ...mxe]) {
      add(entry, refuse('wrong_place', 'type', `${entry.name} has either MX or MXE records`))
    }
  }
}

/** RFC 7208 §3.2: with two SPF records receivers answer permerror, as bad as none. */
function textRules(texts: readonly ZoneEntry[], add: Add): void {
  const policies = texts.filter(entry => /^v=spf1(?: |$)/i.test(entry.content))
  if (policies.length < 2) return
  for (const entry of policies) {
    add(entry, refuse('content', 'content', `${entry.name} has an SPF policy already, a second one breaks both`))
  }
}

function setRules(set: readonly ZoneEntry[], add: Add): void {
  const seen = new Set<string>()
  for (const entry of set) {
    const data = `${entry.priority} ${entry.content}`
    if (seen.has(data))
      add(entry, refuse('duplicate', 'content', `${entry.name} has this ${entry.type} record already`))
    seen.add(data)
  }
  if (rrsetWireLength(set) <= mostRrsetBytes) return
  for (const entry of set) {
    add(entry, refuse('rrset_too_large', 'content', `the ${entry.type} records of ${entry.name} exceed 64 KB`))
  }
}

/** One finding for each delegation above: the record would never be answered. */
function occlusionRules(view: ZoneView, entry: ZoneEntry, add: Add): void {
  for (const above of namesAbove(view.zone, entry.name)) {
    if (isDelegated(view, above) && !isGlue(entry)) {
      add(
        entry,
        refuse('wrong_place', 'name', `${above} is delegated: below it only addresses of name servers can stand`),
      )
    }
  }
}

function keyOf(finding: Finding, entry: ZoneEntry): string {
  return [finding.problem, finding.detail, entry.name, entry.type, entry.priority, entry.content].join('\n')
}
