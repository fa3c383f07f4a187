import { operations } from '@innkeeper/contract'
import { expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { seedAccount } from '../../test/seed.ts'
import { userHttp } from '../../test/user-http.ts'

test('a request reaches its handler with converted input', async () => {
  const app = await testApp()
  const { identity, serviceId } = await seedAccount(app)
  const seen: unknown[] = []
  const server = userHttp(
    app,
    operations
      .filter(o => o.id === 'dns.createZone')
      .map(operation => ({
        operation,
        handle: async (_ctx, input) => {
          seen.push(input)
          return { info: [['dnszonecreated', 'example.org']], zone_id: '1' }
        },
      })),
    async () => identity,
  )
  const answer = await server.inject({
    method: 'POST',
    url: `/api/service/${serviceId}/dns`,
    payload: { name: 'example.org' },
  })
  expect(answer.json()).toEqual({ success: true, zone_id: '1', info: ['dnszonecreated', 'example.org'] })
  expect(seen).toEqual([{ service_id: serviceId, name: 'example.org' }])
  await server.close()
  await app.close()
})
