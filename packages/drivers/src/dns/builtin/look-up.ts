import { hashName, hashSuffixes } from './name-hash.ts'
import { questionTypes, responseCodes, typeNumbers } from './wire-numbers.ts'
import {
  aliasTarget,
  apexLength,
  apexNode,
  denialTtl,
  findNode,
  findSet,
  firstSet,
  hasDelegations,
  recordsOf,
  setCount,
  setType,
  type ZoneBlock,
} from './zone-block.ts'
import type { ZoneTable } from './zone-table.ts'

/** A record set as it goes into an answer: the owner differs from where it is kept when a wildcard made it. */
export interface OwnedSet {
  readonly owner: string
  readonly zone: ZoneBlock
  readonly set: number
  /** Instead of the set's own. */
  readonly ttlSeconds?: number
}

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
  if (zone === undefined) {
    answer.code = responseCodes.refused
    answer.authoritative = false
    return answer
  }
  let owner = name
  while (zone !== undefined) {
    const next = lookUpInZone(answer, zone, owner, type)
    if (next === undefined || answer.answers.length > longestChain) break
    if (answer.answers.some(one => one.owner === next)) break
    owner = next
    zone = zoneFor(zones, owner, type)
  }
  return answer
}

/** DS records live on the parent's side of a cut (RFC 4035 §3.1.4.1). */
function zoneFor(zones: ZoneTable, name: string, type: number): ZoneBlock | undefined {
  const zone = zones.find(name)
  if (type !== typeNumbers.DS || zone === undefined || apexLength(zone) !== name.length) return zone
  return zones.find(name, name.charCodeAt(0) + 1) ?? zone
}

/** Adds what the zone says about the name; answers the target of a CNAME that is still to be followed. */
function lookUpInZone(answer: Answer, zone: ZoneBlock, name: string, type: number): string | undefined {
  const end = name.length - apexLength(zone)
  const hashes = hashSuffixes(name)
  if (hasDelegations(zone) && refer(answer, zone, name, type, hashes)) return undefined
  let node = findNode(zone, hashes[0] ?? 0, name, 0, end)
  if (node === 0) {
    const encloser = closestEncloser(zone, name, hashes)
    const wildcard = wildcardLabel + name.slice(encloser, end)
    node = findNode(zone, hashName(wildcardLabel, hashes[encloser]), wildcard, 0, wildcard.length)
    if (node === 0) {
      answer.code = responseCodes.nameError
      addNegativeSoa(answer, zone, name)
      return undefined
    }
  }
  const set = type === questionTypes.ANY ? anySet(zone, node) : findSet(zone, node, type)
  if (set !== 0) {
    answer.answers.push({ owner: name, zone, set })
    addTargets(answer, zone, name, set)
    return undefined
  }
  const target = aliasTarget(zone, node)
  if (target === undefined) addNegativeSoa(answer, zone, name)
  else answer.answers.push({ owner: name, zone, set: findSet(zone, node, typeNumbers.CNAME) })
  return target
}

/** To ANY, one set is an answer (RFC 8482 §4.1). */
function anySet(zone: ZoneBlock, node: number): number {
  return setCount(zone, node) === 0 ? 0 : firstSet(zone, node)
}

function addNegativeSoa(answer: Answer, zone: ZoneBlock, name: string): void {
  const set = findSet(zone, apexNode(zone), questionTypes.SOA)
  answer.authority.push({ owner: name.slice(name.length - apexLength(zone)), zone, set, ttlSeconds: denialTtl(zone) })
}

/** Where the part of the name begins that exists; the name itself does not. */
function closestEncloser(zone: ZoneBlock, name: string, hashes: Uint32Array): number {
  const end = name.length - apexLength(zone)
  let at = name.charCodeAt(0) + 1
  while (findNode(zone, hashes[at] ?? 0, name, at, end) === 0) at += name.charCodeAt(at) + 1
  return at
}

/** Refers to the topmost delegation at or above the name, if any; a DS question at the cut is the zone's own to answer. */
function refer(answer: Answer, zone: ZoneBlock, name: string, type: number, hashes: Uint32Array): boolean {
  const end = name.length - apexLength(zone)
  let cut: OwnedSet | undefined
  for (let at = 0; at < end; at += name.charCodeAt(at) + 1) {
    if (type === typeNumbers.DS && at === 0) continue
    const node = findNode(zone, hashes[at] ?? 0, name, at, end)
    const set = node === 0 ? 0 : findSet(zone, node, typeNumbers.NS)
    if (set !== 0) cut = { owner: name.slice(at), zone, set }
  }
  if (cut === undefined) return false
  // At the end of a chain of aliases, the beginning of which was ours to answer.
  if (answer.answers.length === 0) answer.authoritative = false
  answer.authority.push(cut)
  const apex = name.slice(end)
  for (const { start, end } of recordsOf(zone, cut.set)) {
    const server = zone.slice(start, end)
    if (addAddresses(answer, zone, apex, server) && server.endsWith(cut.owner)) answer.needsGlue = true
  }
  return true
}

/** The additional section gives addresses to the names that these data end with (RFC 1035 §3.3, RFC 2782). */
function addTargets(answer: Answer, zone: ZoneBlock, name: string, set: number): void {
  const type = setType(zone, set)
  if (type !== typeNumbers.MX && type !== typeNumbers.NS && type !== typeNumbers.SRV) return
  const skip = type === typeNumbers.NS ? 0 : type === typeNumbers.MX ? 2 : 6
  const apex = name.slice(name.length - apexLength(zone))
  for (const { start, end } of recordsOf(zone, set)) addAddresses(answer, zone, apex, zone.slice(start + skip, end))
}

function addAddresses(answer: Answer, zone: ZoneBlock, apex: string, owner: string): boolean {
  if (!owner.endsWith(apex)) return false
  if (answer.additional.some(one => one.owner === owner)) return false
  const node = findNode(zone, hashName(owner), owner, 0, owner.length - apex.length)
  if (node === 0) return false
  const before = answer.additional.length
  for (const type of [typeNumbers.A, typeNumbers.AAAA]) {
    const set = findSet(zone, node, type)
    if (set !== 0) answer.additional.push({ owner, zone, set })
  }
  return answer.additional.length > before
}
