import { areas, objectAreas } from './privilege-sets.ts'
import type { PrivilegeTree } from './privileges.ts'

/** The tree as answers show it. */
export interface WirePrivileges {
  billing?: string[]
  support?: string[]
  misc?: string[]
  services?: Record<string, number | string[]>
  domains?: Record<string, number | string[]>
}

export function wirePrivileges(tree: PrivilegeTree): WirePrivileges {
  const wire: WirePrivileges = {}
  for (const area of areas) if (tree[area] !== undefined) wire[area] = [...tree[area]]
  for (const area of objectAreas) {
    const entries = Object.entries(tree[area] ?? {}).flatMap(([id, keys]): [string, number | string[]][] =>
      keys === undefined ? [] : [[id, keys === 1 ? 1 : [...keys]]],
    )
    if (entries.length > 0) wire[area] = Object.fromEntries(entries)
  }
  return wire
}
