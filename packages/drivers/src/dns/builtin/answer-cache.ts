import type { Freshness, ZoneData } from './zone-data.ts'

interface Entry {
  /** The message without EDNS record, as a latin1 string: a third of a Buffer's memory. */
  readonly packet: string
  readonly freshness: Freshness
}

/**
 * Finished answers by question, bounded by bytes. A zone that is published again makes its entries stale in one step. Two maps
 * instead of a list of uses: when the younger one has half the bytes it becomes the older one, whose entries go unless asked for again.
 */
export interface AnswerCache {
  get(key: string): string | undefined
  set(key: string, packet: string, zone: ZoneData): void
}

/** What Map, key and entry take besides their bytes, measured roughly. */
const overheadBytes = 160

export function createAnswerCache(limitBytes: number): AnswerCache {
  let young = new Map<string, Entry>()
  let old = new Map<string, Entry>()
  let youngBytes = 0
  const keep = (key: string, entry: Entry) => {
    youngBytes += key.length + entry.packet.length + overheadBytes
    if (youngBytes > limitBytes / 2) {
      old = young
      young = new Map()
      youngBytes = key.length + entry.packet.length + overheadBytes
    }
    young.set(key, entry)
  }
  return {
    get(key) {
      let entry = young.get(key)
      if (entry === undefined) {
        entry = old.get(key)
        if (entry === undefined || entry.freshness.stale) return undefined
        keep(key, entry)
      }
      return entry.freshness.stale ? undefined : entry.packet
    },
    set: (key, packet, zone) => keep(key, { packet, freshness: zone.freshness }),
  }
}
