import { areas, objectAreas } from './privilege-sets.ts'
import { areaKeys, type ObjectPrivileges, objectKeys, type PrivilegeTree } from './privilege-tree.ts'

/**
 * Reads a privilege tree as clients send it: JSON, or what PHP brackets become, where lists arrive as objects
 * (`{"0":"orders"}`), as ticked boxes (`{"orders":"1"}`) or as one text, and `full` as "1". Undefined if any part of
 * it is not a privilege: a grant is never guessed.
 */
export function parsePrivileges(input: unknown): PrivilegeTree | undefined {
  if (isEmpty(input)) return {}
  if (!isPlainObject(input)) return undefined
  const tree: { -readonly [K in keyof PrivilegeTree]: PrivilegeTree[K] } = {}
  for (const [name, value] of Object.entries(input)) {
    const area = areas.find(known => known === name)
    const objectArea = objectAreas.find(known => known === name)
    if (area !== undefined) {
      const keys = parseKeys(value, areaKeys[area])
      if (keys === undefined) return undefined
      if (keys.length > 0) tree[area] = keys
    } else if (objectArea !== undefined) {
      const objects = parseObjects(value, objectKeys[objectArea])
      if (objects === undefined) return undefined
      if (Object.keys(objects).length > 0) tree[objectArea] = objects
    } else return undefined
  }
  return tree
}

function parseObjects(value: unknown, known: readonly string[]): ObjectPrivileges | undefined {
  if (isEmpty(value)) return {}
  if (!isPlainObject(value)) return undefined
  const entries: [string, readonly string[] | 1][] = []
  for (const [id, given] of Object.entries(value)) {
    if (id === 'full') {
      const full = parseTick(given)
      if (full === undefined) return undefined
      if (full) entries.push(['full', 1])
    } else {
      const keys = /^[1-9]\d{0,17}$/.test(id) ? parseKeys(given, known) : undefined
      if (keys === undefined) return undefined
      if (keys.length > 0) entries.push([id, keys])
    }
  }
  return Object.fromEntries(entries)
}

/** A list without repetitions, in the order of the documents; undefined if it holds something unknown. */
function parseKeys(value: unknown, known: readonly string[]): string[] | undefined {
  if (isEmpty(value)) return []
  const wanted = new Set<unknown>()
  if (typeof value === 'string') wanted.add(value)
  else if (Array.isArray(value)) for (const key of value) wanted.add(key)
  else if (isPlainObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (/^\d+$/.test(name)) wanted.add(item)
      else {
        const ticked = parseTick(item)
        if (ticked === undefined || !known.includes(name)) return undefined
        if (ticked) wanted.add(name)
      }
    }
  } else return undefined
  const keys = known.filter(key => wanted.has(key))
  return keys.length === wanted.size ? keys : undefined
}

function parseTick(value: unknown): boolean | undefined {
  if (value === 1 || value === true || value === '1' || value === 'on' || value === 'true') return true
  if (value === 0 || value === false || value === '0' || value === '' || value === 'off' || value === 'false')
    return false
  return undefined
}

/** How forms send a list or tree with nothing in it. */
function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
