import type { Area, ObjectArea, ObjectPrivileges, PrivilegeTree } from './privilege-tree.ts'
import { areaKeys, objectKeys } from './privilege-tree.ts'

export const areas = Object.keys(areaKeys) as Area[] // the keys of a constant
export const objectAreas = Object.keys(objectKeys) as ObjectArea[] // the keys of a constant

/** Whether `part` gives nothing that `whole` does not give. */
export function withinTree(part: PrivilegeTree, whole: PrivilegeTree): boolean {
  return (
    areas.every(area => isSubset(part[area] ?? [], whole[area] ?? [])) &&
    objectAreas.every(area => objectsWithin(part[area] ?? {}, whole[area] ?? {}))
  )
}

/** What both trees give. */
export function intersect(a: PrivilegeTree, b: PrivilegeTree): PrivilegeTree {
  const shared: { -readonly [K in keyof PrivilegeTree]: PrivilegeTree[K] } = {}
  for (const area of areas) {
    const keys = (a[area] ?? []).filter(key => b[area]?.includes(key))
    if (keys.length > 0) shared[area] = keys
  }
  for (const area of objectAreas) {
    const objects = intersectObjects(a[area] ?? {}, b[area] ?? {})
    if (Object.keys(objects).length > 0) shared[area] = objects
  }
  return shared
}

function objectsWithin(part: ObjectPrivileges, whole: ObjectPrivileges): boolean {
  if (whole.full === 1) return true
  if (part.full === 1) return false
  return Object.keys(part).every(id => isSubset(keysOn(part, id), keysOn(whole, id)))
}

function intersectObjects(a: ObjectPrivileges, b: ObjectPrivileges): ObjectPrivileges {
  if (a.full === 1 && b.full === 1) return { full: 1 }
  if (a.full === 1) return b
  if (b.full === 1) return a
  const shared: Record<string, readonly string[]> = {}
  for (const id of Object.keys(a)) {
    const keys = keysOn(a, id).filter(key => keysOn(b, id).includes(key))
    if (keys.length > 0) shared[id] = keys
  }
  return shared
}

function keysOn(objects: ObjectPrivileges, id: string): readonly string[] {
  // Own properties only: an id such as `constructor` must not find what every object inherits.
  const keys = Object.hasOwn(objects, id) ? objects[id] : undefined
  return Array.isArray(keys) ? keys : []
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  return part.every(key => whole.includes(key))
}
