import { bucketOf, hashName, hashSuffixes } from './name-hash.ts'
import { apexName, isZoneNamed, type ZoneBlock } from './zone-block.ts'

const free = 0
const removed = 1
const firstIndex = 2
const mostLabels = 127

/**
 * The zones that are served, by name: an open-addressed table of hash and index pairs. A Map would read the key string of every
 * candidate, also for the names between a question and its zone; here a look at one pair tells that they are no zones.
 */
export class ZoneTable {
  readonly #zones: (ZoneBlock | undefined)[] = []
  readonly #freeIndexes: number[] = []
  #slots = new Uint32Array(2 * 1024)
  #used = 0
  /** How many zones have names of so many labels: most names between a question and its zone need not be searched at all. */
  readonly #byLabels = new Uint32Array(mostLabels + 1)

  /** The zone with the longest name that `name`, from its label at `start`, equals or lies below. */
  find(name: string, start = 0): ZoneBlock | undefined {
    const hashes = hashSuffixes(name)
    let labels = countLabels(name, start)
    for (let at = start; at < name.length; at += name.charCodeAt(at) + 1) {
      if (this.#byLabels[labels--] === 0) continue
      const slot = this.#slotOf(name, at, hashes[at] ?? 0)
      if (slot !== -1) return this.#zoneAt(slot)
    }
    return undefined
  }

  get(name: string): ZoneBlock | undefined {
    const slot = this.#slotOf(name, 0, hashName(name))
    return slot === -1 ? undefined : this.#zoneAt(slot)
  }

  put(zone: ZoneBlock): void {
    const name = apexName(zone)
    const hash = hashName(name)
    const slot = this.#slotOf(name, 0, hash)
    if (slot !== -1) {
      this.#zones[(this.#slots[slot + 1] ?? 0) - firstIndex] = zone
      return
    }
    // At most half full, so that a search soon meets a free slot.
    if (4 * (this.#used + 1) > this.#slots.length) this.#rebuild()
    const index = this.#freeIndexes.pop() ?? this.#zones.length
    this.#zones[index] = zone
    this.#insert(hash, index)
    const labels = countLabels(name, 0)
    this.#byLabels[labels] = (this.#byLabels[labels] ?? 0) + 1
  }

  remove(name: string): void {
    const slot = this.#slotOf(name, 0, hashName(name))
    if (slot === -1) return
    const index = (this.#slots[slot + 1] ?? 0) - firstIndex
    this.#zones[index] = undefined
    this.#freeIndexes.push(index)
    this.#slots[slot + 1] = removed
    const labels = countLabels(name, 0)
    this.#byLabels[labels] = (this.#byLabels[labels] ?? 1) - 1
  }

  *[Symbol.iterator](): Generator<ZoneBlock> {
    for (const zone of this.#zones) if (zone !== undefined) yield zone
  }

  #zoneAt(slot: number): ZoneBlock | undefined {
    return this.#zones[(this.#slots[slot + 1] ?? 0) - firstIndex]
  }

  #slotOf(name: string, start: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    for (let slot = bucketOf(hash, mask); ; slot = (slot + 1) & mask) {
      const index = slots[2 * slot + 1] ?? free
      if (index === free) return -1
      if (index === removed || slots[2 * slot] !== hash) continue
      const zone = this.#zones[index - firstIndex]
      if (zone !== undefined && isZoneNamed(zone, name, start)) return 2 * slot
    }
  }

  #insert(hash: number, index: number): void {
    const mask = this.#slots.length / 2 - 1
    let slot = bucketOf(hash, mask)
    while ((this.#slots[2 * slot + 1] ?? free) !== free) slot = (slot + 1) & mask
    this.#slots[2 * slot] = hash
    this.#slots[2 * slot + 1] = index + firstIndex
    this.#used++
  }

  /** Leaves out removed slots, and grows where that is not enough. */
  #rebuild(): void {
    const count = this.#zones.length - this.#freeIndexes.length
    this.#slots = new Uint32Array(2 * Math.max(1024, 2 ** Math.ceil(Math.log2(4 * (count + 1)))))
    this.#used = 0
    for (const [index, zone] of this.#zones.entries())
      if (zone !== undefined) this.#insert(hashName(apexName(zone)), index)
  }
}

function countLabels(name: string, start: number): number {
  let count = 0
  for (let at = start; name.charCodeAt(at) > 0; at += name.charCodeAt(at) + 1) count++
  return count
}
