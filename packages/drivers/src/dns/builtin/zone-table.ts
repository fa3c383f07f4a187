import { bucketOf, hashName, hashSuffixes } from './name-hash.ts'
import { apexName, isZoneNamed, type ZoneBlock } from './zone-block.ts'
import { ZoneStore } from './zone-store.ts'

const free = 0
const removed = 1
const mostLabels = 127

/**
 * The zones that are served, by name: an open-addressed table of pairs, hash and place in the store. A Map would read the key string of
 * every candidate, also for the names between a question and its zone; here a look at one pair tells that they are no zones.
 */
export class ZoneTable {
  readonly #store = new ZoneStore()
  #slots = new Uint32Array(2 * 1024)
  /** Slots that are not free, and those of them that hold a zone. */
  #used = 0
  #count = 0
  /** How many zones have names of so many labels: most names between a question and its zone need not be searched at all. */
  readonly #byLabels = new Uint32Array(mostLabels + 1)

  /** The zone with the longest name that `name`, from its label at `start`, equals or lies below. */
  find(name: string, start = 0): ZoneBlock | undefined {
    const hashes = hashSuffixes(name)
    let labels = countLabels(name, start)
    for (let at = start; at < name.length; at += name.charCodeAt(at) + 1) {
      if (this.#byLabels[labels--] === 0) continue
      const slot = this.#slotOf(name, at, hashes[at] ?? 0)
      if (slot !== -1) return this.#store.at(this.#placeAt(slot))
    }
    return undefined
  }

  get(name: string): ZoneBlock | undefined {
    const slot = this.#slotOf(name, 0, hashName(name))
    return slot === -1 ? undefined : this.#store.at(this.#placeAt(slot))
  }

  put(zone: ZoneBlock): void {
    const name = apexName(zone)
    const hash = hashName(name)
    const slot = this.#slotOf(name, 0, hash)
    const place = this.#store.add(zone)
    if (slot !== -1) {
      this.#store.remove(this.#placeAt(slot))
      this.#slots[slot + 1] = place
      this.#tidy()
      return
    }
    // At most half full, so that a search soon meets a free slot.
    if (4 * (this.#used + 1) > this.#slots.length) this.#rebuild()
    this.#insert(hash, place)
    this.#count++
    const labels = countLabels(name, 0)
    this.#byLabels[labels] = (this.#byLabels[labels] ?? 0) + 1
  }

  remove(name: string): void {
    const slot = this.#slotOf(name, 0, hashName(name))
    if (slot === -1) return
    this.#store.remove(this.#placeAt(slot))
    this.#slots[slot + 1] = removed
    this.#count--
    const labels = countLabels(name, 0)
    this.#byLabels[labels] = (this.#byLabels[labels] ?? 1) - 1
    this.#tidy()
  }

  *[Symbol.iterator](): Generator<ZoneBlock> {
    for (let slot = 0; slot < this.#slots.length; slot += 2) {
      const place = this.#placeAt(slot)
      if (place > removed) yield this.#store.at(place)
    }
  }

  #placeAt(slot: number): number {
    return this.#slots[slot + 1] ?? free
  }

  #slotOf(name: string, start: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    for (let slot = bucketOf(hash, mask); ; slot = (slot + 1) & mask) {
      const place = this.#placeAt(2 * slot)
      if (place === free) return -1
      if (place === removed || slots[2 * slot] !== hash) continue
      if (isZoneNamed(this.#store.at(place), name, start)) return 2 * slot
    }
  }

  #insert(hash: number, place: number): void {
    const mask = this.#slots.length / 2 - 1
    let slot = bucketOf(hash, mask)
    while (this.#placeAt(2 * slot) !== free) slot = (slot + 1) & mask
    this.#slots[2 * slot] = hash
    this.#slots[2 * slot + 1] = place
    this.#used++
  }

  /** Leaves out removed slots, and grows where that is not enough. */
  #rebuild(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(Math.max(2 * 1024, 2 ** Math.ceil(Math.log2(6 * (this.#count + 1)))))
    this.#used = 0
    for (let slot = 0; slot < old.length; slot += 2) {
      const place = old[slot + 1] ?? free
      if (place > removed) this.#insert(old[slot] ?? 0, place)
    }
  }

  /** Moves the zones out of parts of the store that hold little else than what was replaced. */
  #tidy(): void {
    for (let sparse = this.#store.sparse(); sparse !== undefined; sparse = this.#store.sparse()) {
      for (const place of this.#store.placesIn(sparse)) {
        const zone = this.#store.at(place)
        const name = apexName(zone)
        const slot = this.#slotOf(name, 0, hashName(name))
        if (slot !== -1 && this.#placeAt(slot) === place) this.#slots[slot + 1] = this.#store.add(zone)
      }
      this.#store.drop(sparse)
    }
  }
}

function countLabels(name: string, start: number): number {
  let count = 0
  for (let at = start; name.charCodeAt(at) > 0; at += name.charCodeAt(at) + 1) count++
  return count
}
