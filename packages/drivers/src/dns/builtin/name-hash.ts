const seed = 0x811c9dc5
const prime = 0x01000193

/**
 * FNV-1a of a name in wire form, from its end to its start: one pass gives the hashes of all names above it, too. With the hash of the
 * name above, only the labels below it need to be given.
 */
export function hashName(name: string, above = seed): number {
  let hash = above
  for (let at = name.length - 1; at >= 0; at--) hash = Math.imul(hash ^ name.charCodeAt(at), prime)
  return hash >>> 0
}

const suffixes = new Uint32Array(256)

/** The hashes of a name and all names above it, by the offset where they begin. Overwritten by the next call. */
export function hashSuffixes(name: string): Uint32Array {
  let hash = seed
  for (let at = name.length - 1; at >= 0; at--) {
    hash = Math.imul(hash ^ name.charCodeAt(at), prime)
    suffixes[at] = hash
  }
  return suffixes
}

/** Takes a hash to an index below a power of two, of which `mask` is one less. */
export function bucketOf(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask
}
