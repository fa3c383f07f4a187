import { createAsk } from '../conformance/ask.ts'
import { dnsDriverSuite } from '../conformance.ts'
import { createPowerDns } from './driver.ts'
import { startPowerDns } from './test-server.ts'

dnsDriverSuite({
  name: 'powerdns',
  async start() {
    const server = await startPowerDns()
    const driver = createPowerDns(server)
    const gone = await startPowerDns()
    await gone.stop()
    const dead = createPowerDns(gone)
    const stop = async () => {
      await driver.close()
      await server.stop()
    }
    return { driver, ask: createAsk(server.dnsPort), dead, stop }
  },
})
