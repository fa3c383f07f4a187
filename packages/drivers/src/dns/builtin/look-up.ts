import type { OwnedSet } from './packet-writer.ts'
import { questionTypes, responseCodes, typeNumbers } from './wire-numbers.ts'
import { parentOf, type RecordSet, type ZoneData } from './zone-data.ts'
import type { ZoneTable } from './zone-table.ts'

/** The sections of a response. */
export interface Answer {
  code: number
  authoritative: boolean
  readonly answers: OwnedSet[]
  readonly authority: OwnedSet[]
  /** Left out, without a word, where it does not fit, unless `needsGlue`. */
  readonly additional: OwnedSet[]
  /** A referral to servers inside the delegated zone is worth nothing without their addresses (RFC 9471 §3.1). */
  needsGlue: boolean
}

/** More CNAMEs than this are not followed; also what ends a loop. */
const longestChain = 10
const wildcardLabel = '\x01*'

/** Answers a question of class IN from the zones (RFC 1034 §4.3.2, with wildcards as in RFC 4592). */
export function lookUp(zones: ZoneTable, name: string, type: number): Answer {
  const answer: Answer = {
    code: responseCodes.noError,
    authoritative: true,
    answers: [],
    authority: [],
    additional: [],
    needsGlue: false,
  }
  let zone = zoneFor(zones, name, type)
  if (zone === undefined) return { ...answer, code: responseCodes.refused, authoritative: false }
  let owner = name
  for (let links = 0; zone !== undefined; links++) {
    const next = lookUpInZone(answer, zone, owner, type, links > 0)
    if (next === undefined || links === longestChain || answer.answers.some(one => one.owner === next)) break
    owner = next
    zone = zoneFor(zones, owner, type)
  }
  return answer
}

/** DS records live on the parent's side of a cut (RFC 4035 §3.1.4.1). */
function zoneFor(zones: ZoneTable, name: string, type: number): ZoneData | undefined {
  const zone = zones.find(name)
  if (type !== typeNumbers.DS || zone?.apex !== name || name.length === 1) return zone
  return zones.find(parentOf(name)) ?? zone
}

/** Adds what the zone says about the name; answers the target of a CNAME that is still to be followed. */
function lookUpInZone(
  answer: Answer,
  zone: ZoneData,
  name: string,
  type: number,
  chained: boolean,
): string | undefined {
  const cut = zone.hasDelegations ? findCut(zone, name, type) : undefined
  if (cut !== undefined) {
    refer(answer, zone, cut, chained)
    return undefined
  }
  let node = zone.nodes.get(name)
  if (node === undefined) {
    node = zone.nodes.get(wildcardLabel + closestEncloser(zone, name))
    if (node === undefined) {
      answer.code = responseCodes.nameError
      answer.authority.push({ owner: zone.apex, set: zone.negativeSoa })
      return undefined
    }
  }
  // To ANY, one set is an answer (RFC 8482 §4.1).
  const found = type === questionTypes.ANY ? node[0] : node.find(set => set.type === type)
  if (found !== undefined) {
    answer.answers.push({ owner: name, set: found })
    addTargets(answer, zone, found)
    return undefined
  }
  const alias = node.find(set => set.type === typeNumbers.CNAME)
  if (alias === undefined) {
    answer.authority.push({ owner: zone.apex, set: zone.negativeSoa })
    return undefined
  }
  answer.answers.push({ owner: name, set: alias })
  return alias.wires[0]
}

/** The topmost delegation at or above the name; a DS question at the cut itself is the zone's own to answer. */
function findCut(zone: ZoneData, name: string, type: number): OwnedSet | undefined {
  let cut: OwnedSet | undefined
  for (let above = name; above !== zone.apex; above = parentOf(above)) {
    if (type === typeNumbers.DS && above === name) continue
    const set = zone.nodes.get(above)?.find(one => one.type === typeNumbers.NS)
    if (set !== undefined) cut = { owner: above, set }
  }
  return cut
}

function refer(answer: Answer, zone: ZoneData, cut: OwnedSet, chained: boolean): void {
  if (!chained) answer.authoritative = false
  answer.authority.push(cut)
  for (const target of cut.set.wires) {
    addAddresses(answer, zone, target)
    if (target.endsWith(cut.owner) && zone.nodes.has(target)) answer.needsGlue = true
  }
}

function closestEncloser(zone: ZoneData, name: string): string {
  let above = parentOf(name)
  while (!zone.nodes.has(above)) above = parentOf(above)
  return above
}

/** Where in the data the name is to which the additional section gives addresses (RFC 1035 §3.3, RFC 2782, RFC 9460 §4.1). */
const targetOffsets = new Map([
  [typeNumbers.NS, 0],
  [typeNumbers.MX, 2],
  [typeNumbers.SRV, 6],
])

function addTargets(answer: Answer, zone: ZoneData, set: RecordSet): void {
  const offset = targetOffsets.get(set.type)
  if (offset === undefined) return
  for (const data of set.wires) addAddresses(answer, zone, data.slice(offset))
}

function addAddresses(answer: Answer, zone: ZoneData, owner: string): void {
  if (answer.additional.some(one => one.owner === owner)) return
  for (const set of zone.nodes.get(owner) ?? []) {
    if (set.type === typeNumbers.A || set.type === typeNumbers.AAAA) answer.additional.push({ owner, set })
  }
}
