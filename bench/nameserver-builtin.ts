// The builtin name server alone with sample zones; arguments: zones, records per zone, zones to publish again each second.
import { createNameServer } from '@innkeeper/drivers'
import { sampleZone, sampleZones } from './nameserver-zones.ts'

const [zoneCount = 100, recordsPerZone = 7, republishRecords = 0] = process.argv.slice(2).map(Number)
const server = createNameServer({
  host: '127.0.0.1',
  port: 0,
  allowTransfer: ['127.0.0.1'],
  notify: [],
  log: { warn: console.error, error: console.error },
})
for (const zone of sampleZones(zoneCount, recordsPerZone)) await server.publish(zone)
await server.listen()
if (republishRecords > 0) {
  let serial = 1
  setInterval(() => server.publish(sampleZone('busy.example', republishRecords, ++serial)), 50)
}
console.log(JSON.stringify({ port: server.port() }))
