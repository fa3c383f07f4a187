import { parentOf, type ZoneData } from './zone-data.ts'

/** The zones that are served, by name in wire form. */
export interface ZoneTable {
  readonly zones: ReadonlyMap<string, ZoneData>
  /** The zone with the longest name that the name equals or lies below. */
  find(name: string): ZoneData | undefined
  put(zone: ZoneData): void
  remove(apex: string): void
}

export function createZoneTable(): ZoneTable {
  const zones = new Map<string, ZoneData>()
  const find = (name: string): ZoneData | undefined => {
    for (let above = name; above.length > 0; above = parentOf(above)) {
      const zone = zones.get(above)
      if (zone !== undefined) return zone
    }
    return undefined
  }
  return {
    zones,
    find,
    put: zone => void zones.set(zone.apex, zone),
    remove: apex => void zones.delete(apex),
  }
}
