import { type DnsDriver, recordTypes, type Zone } from '@innkeeper/drivers'

/** Keeps what it is told, and can be told to fail. For tests of what publishes to name servers. */
export function recordingNameServer(name = 'recording') {
  const zones = new Map<string, Zone>()
  const calls: string[] = []
  let inFlight = 0
  const driver: DnsDriver = {
    name,
    types: new Set(recordTypes),
    list: () => call('list', () => new Map([...zones.values()].map(zone => [zone.name, zone.serial]))),
    publish: zone => call(`publish ${zone.name}`, () => void zones.set(zone.name, zone)),
    remove: zoneName => call(`remove ${zoneName}`, () => void zones.delete(zoneName)),
    check: async () => {},
    close: async () => {},
  }
  async function call<T>(what: string, act: () => T): Promise<T> {
    inFlight += 1
    server.mostInFlight = Math.max(server.mostInFlight, inFlight)
    calls.push(what)
    await new Promise(resolve => setImmediate(resolve))
    inFlight -= 1
    const error = server.failure(what)
    if (error !== undefined) throw error
    return act()
  }
  const server = {
    driver,
    zones,
    calls,
    mostInFlight: 0,
    /** What the call (`publish example.com`) fails with; undefined: it does not. */
    failure: (_call: string): Error | undefined => undefined,
  }
  return server
}
