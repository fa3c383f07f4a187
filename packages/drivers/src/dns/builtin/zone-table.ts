import type { ZoneBlock } from './zone-block.ts'

/** The zones that are served, by name in wire form. */
export type ZoneTable = Map<string, ZoneBlock>

/** The zone with the longest name that `name`, from its label at `start`, equals or lies below. */
export function findZone(zones: ZoneTable, name: string, start = 0): ZoneBlock | undefined {
  for (let at = start; at < name.length; at += name.charCodeAt(at) + 1) {
    const zone = zones.get(at === 0 ? name : name.slice(at))
    if (zone !== undefined) return zone
  }
  return undefined
}
