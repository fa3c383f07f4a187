import type { ZoneState } from './record-sets.ts'

/** The states of the zones published last, as many as have no more than so many record sets together. */
export interface PublishedStates {
  get(name: string): ZoneState | undefined
  keep(name: string, state: ZoneState): void
  forget(name: string): void
}

export function createPublishedStates(mostSets: number): PublishedStates {
  // A Map remembers the order in which its keys came: the first is the one not used for longest.
  const states = new Map<string, ZoneState>()
  let sets = 0

  function forget(name: string): void {
    sets -= states.get(name)?.size ?? 0
    states.delete(name)
  }

  return {
    get: name => states.get(name),
    forget,
    keep(name, state) {
      forget(name)
      states.set(name, state)
      sets += state.size
      for (const oldest of states.keys()) {
        if (sets <= mostSets) break
        forget(oldest)
      }
    },
  }
}
