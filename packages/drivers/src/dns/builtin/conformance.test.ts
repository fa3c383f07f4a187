import { createAsk } from '../conformance/ask.ts'
import { dnsDriverSuite } from '../conformance.ts'
import { createNameServer } from './name-server.ts'

const options = {
  host: '127.0.0.1',
  port: 0,
  allowTransfer: [],
  notify: [],
  log: { warn: fail, error: fail },
} as const

function fail(fields: object, message: string): void {
  throw new Error(`${message}: ${JSON.stringify(fields)}`)
}

dnsDriverSuite({
  name: 'builtin',
  async start() {
    const driver = createNameServer(options)
    await driver.listen()
    return { driver, ask: createAsk(driver.port()), dead: createNameServer(options), stop: () => driver.close() }
  },
})
