import { createServer, type RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAsk } from '../conformance/ask.ts'
import { record, sampleZone } from '../conformance/sample-zones.ts'
import { createPowerDns, type PowerDnsOptions } from './driver.ts'
import { type PowerDnsServer, startPowerDns } from './test-server.ts'

describe('with a PowerDNS', () => {
  let server: PowerDnsServer
  beforeAll(async () => {
    server = await startPowerDns()
  })
  afterAll(() => server.stop())

  const create = (options: Partial<PowerDnsOptions> = {}) => createPowerDns({ ...server, ...options })
  const api = (method: string, path: string, body?: object) =>
    fetch(`${server.url}/api/v1/servers/localhost${path}`, {
      method,
      headers: { 'X-API-Key': server.apiKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  test('a wrong key is told from a wrong server', async () => {
    const wrongKey = create({ apiKey: 'wrong' })
    const wrongId = create({ serverId: 'elsewhere' })
    await expect(wrongKey.check()).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringMatching(/api-key/),
    })
    await expect(wrongId.check()).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringMatching(/server id/),
    })
    await expect(wrongId.list()).rejects.toMatchObject({ kind: 'misconfigured' })
    await expect(wrongId.publish(sampleZone('key.test', 1, []))).rejects.toMatchObject({ kind: 'misconfigured' })
    await expect(wrongKey.publish(sampleZone('key.test', 1, []))).rejects.toMatchObject({ kind: 'misconfigured' })
  })

  test('zones of another account are neither listed, changed nor removed', async () => {
    await create({ account: 'other' }).publish(sampleZone('other.test', 1, [record('other.test', 'A', '192.0.2.1')]))
    const driver = create()
    expect((await driver.list()).has('other.test')).toBe(false)
    await expect(driver.publish(sampleZone('other.test', 2, []))).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('"other"'),
    })
    await driver.remove('other.test')
    expect((await createAsk(server.dnsPort)('other.test', 'A')).answers).toHaveLength(1)
  })

  test('a driver that starts anew finds its zones and brings them to the wanted state', async () => {
    await create().publish(sampleZone('anew.test', 1, [record('a.anew.test', 'A', '192.0.2.1')]))
    const driver = create()
    expect((await driver.list()).get('anew.test')).toBe(1)
    await driver.publish(sampleZone('anew.test', 2, [record('b.anew.test', 'A', '192.0.2.2')]))
    const ask = createAsk(server.dnsPort)
    expect((await ask('a.anew.test', 'A')).code).toBe('NXDOMAIN')
    expect((await ask('b.anew.test', 'A')).answers).toHaveLength(1)
  })

  test('what others did to a zone is put right when it is published', async () => {
    const driver = create()
    const zone = sampleZone('meddled.test', 1, [record('www.meddled.test', 'A', '192.0.2.1')])
    await driver.publish(zone)
    const stranger = { name: 'x.meddled.test.', type: 'A', ttl: 60, changetype: 'REPLACE' }
    await api('PATCH', '/zones/meddled.test.', { rrsets: [{ ...stranger, records: [{ content: '192.0.2.66' }] }] })
    await api('PUT', '/zones/meddled.test.', { soa_edit_api: 'INCREASE', api_rectify: false })
    await driver.publish(zone)
    const ask = createAsk(server.dnsPort)
    expect((await ask('x.meddled.test', 'A')).code).toBe('NXDOMAIN')
    await api('DELETE', '/zones/meddled.test.')
    await driver.publish({ ...zone, serial: 2 })
    expect((await ask('www.meddled.test', 'A')).answers).toHaveLength(1)
    expect((await driver.list()).get('meddled.test')).toBe(2)
  })

  test('a disabled record is enabled again', async () => {
    const driver = create()
    const zone = sampleZone('disabled.test', 1, [record('www.disabled.test', 'A', '192.0.2.1')])
    await driver.publish(zone)
    const set = { name: 'www.disabled.test.', type: 'A', ttl: 300, changetype: 'REPLACE' }
    await api('PATCH', '/zones/disabled.test.', {
      rrsets: [{ ...set, records: [{ content: '192.0.2.1', disabled: true }] }],
    })
    await driver.publish(zone)
    expect((await createAsk(server.dnsPort)('www.disabled.test', 'A')).answers).toHaveLength(1)
  })

  test('zones whose states are forgotten are changed all the same', async () => {
    const driver = create({ keptSets: 5 })
    const ask = createAsk(server.dnsPort)
    for (const serial of [1, 2]) {
      for (const zone of ['k1.test', 'k2.test', 'k3.test']) {
        await driver.publish(sampleZone(zone, serial, [record(`v${serial}.${zone}`, 'A', '192.0.2.1')]))
      }
    }
    for (const zone of ['k1.test', 'k2.test', 'k3.test']) {
      expect((await ask(`v1.${zone}`, 'A')).code).toBe('NXDOMAIN')
      expect((await ask(`v2.${zone}`, 'A')).answers).toHaveLength(1)
    }
  })

  test('the slash in the names of small reverse zones is no path', async () => {
    const zone = '0/25.2.0.192.in-addr.arpa'
    const driver = create()
    for (const serial of [1, 2]) {
      await driver.publish(sampleZone(zone, serial, [record(`${serial}.${zone}`, 'PTR', 'host.example.net.')]))
    }
    expect((await driver.list()).get(zone)).toBe(2)
    expect((await createAsk(server.dnsPort)(`2.${zone}`, 'PTR')).answers).toHaveLength(1)
    await driver.remove(zone)
    expect((await driver.list()).has(zone)).toBe(false)
  })

  test('zones of the kind Master are made and kept so', async () => {
    await create().publish(sampleZone('kind.test', 1, []))
    await create({ kind: 'Master' }).publish(sampleZone('kind.test', 2, []))
    expect(await (await api('GET', '/zones/kind.test.')).json()).toMatchObject({ kind: 'Master', serial: 2 })
  })
})

test('names between are empty and do not go missing, whatever the default of PowerDNS', async () => {
  const server = await startPowerDns({ 'default-api-rectify': 'no' })
  const driver = createPowerDns(server)
  await driver.publish(sampleZone('deep.test', 1, []))
  await driver.publish(sampleZone('deep.test', 2, [record('a.b.deep.test', 'A', '192.0.2.1')]))
  expect((await createAsk(server.dnsPort)('b.deep.test', 'A')).code).toBe('NOERROR')
  await driver.close()
  await server.stop()
})

describe('with a server that does not behave', () => {
  /** Calls `run` with a driver for a server that answers like this. */
  async function against(listener: RequestListener, run: (options: PowerDnsOptions) => Promise<void>): Promise<void> {
    const server = createServer(listener)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    try {
      await run({ url: `http://127.0.0.1:${port}/`, apiKey: 'secret-key', timeoutMilliseconds: 500 })
    } finally {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }

  test('a call that takes too long ends with a timeout, and the next has its turn', async () => {
    let calls = 0
    const listener: RequestListener = (_, response) => {
      calls++
      if (calls > 1) response.end('[]')
    }
    await against(listener, async options => {
      const driver = createPowerDns(options)
      const stuck = driver.publish(sampleZone('slow.test', 1, []))
      const next = driver.remove('next.test')
      await expect(stuck).rejects.toMatchObject({ kind: 'timeout' })
      await next
    })
  })

  test('a write that the back end did not take is repeated', async () => {
    let calls = 0
    const listener: RequestListener = (_, response) => {
      calls++
      response.statusCode = calls < 4 ? 500 : 200
      response.end(calls < 4 ? 'Internal Server Error' : '[]')
    }
    await against(listener, async options => {
      await createPowerDns(options).remove('busy.test')
      expect(calls).toBe(4)
    })
  })

  test('a zone that was made by half is filled', async () => {
    const calls: string[] = []
    const empty = { account: 'innkeeper', kind: 'Native', soa_edit_api: '', api_rectify: true, rrsets: [] }
    const replies: [number, string][] = [
      [404, 'Not Found'],
      [500, 'Internal Server Error'],
      [409, 'Conflict'],
      [200, JSON.stringify(empty)],
      [204, ''],
    ]
    const listener: RequestListener = (request, response) => {
      const [status, body] = replies[calls.length] ?? [500, '']
      calls.push(request.method ?? '')
      response.writeHead(status).end(body)
    }
    await against(listener, async options => {
      await createPowerDns(options).publish(sampleZone('half.test', 1, []))
      expect(calls).toEqual(['GET', 'POST', 'POST', 'GET', 'PATCH'])
    })
  })

  test('a back end that never takes it is unavailable', async () => {
    const listener: RequestListener = (_, response) => {
      response.statusCode = 500
      response.end('Internal Server Error')
    }
    await against(listener, async options => {
      const driver = createPowerDns({ ...options, timeoutMilliseconds: 10_000 })
      await expect(driver.publish(sampleZone('busy.test', 1, []))).rejects.toMatchObject({ kind: 'unavailable' })
    })
  })

  test.each([
    ['a recursor', { daemon_type: 'recursor', version: '4.8.8' }],
    ['an old release', { daemon_type: 'authoritative', version: '4.6.4' }],
  ])('%s fails the check', async (_, info) => {
    await against(
      (_, response) => response.end(JSON.stringify(info)),
      async options => {
        await expect(createPowerDns(options).check()).rejects.toMatchObject({
          kind: 'misconfigured',
          message: expect.stringMatching(/4\.7/),
        })
      },
    )
  })

  test('what is not PowerDNS, or sends elsewhere, is misconfigured, and the key stays here', async () => {
    for (const body of ['<html>hello</html>', 'null', '"text"', '[null]', '[{}]', '[]x', '{}', '{"rrsets":[null]}']) {
      await against(
        (_, response) => response.end(body),
        async options => {
          await expect(createPowerDns(options).check()).rejects.toMatchObject({ kind: 'misconfigured' })
          await expect(createPowerDns(options).list()).rejects.toMatchObject({ kind: 'misconfigured' })
          const published = createPowerDns(options).publish(sampleZone('form.test', 1, []))
          await expect(published).rejects.toMatchObject({ message: expect.stringContaining('not PowerDNS') })
        },
      )
    }
    const asked: (string | undefined)[] = []
    const listener: RequestListener = (request, response) => {
      asked.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    }
    await against(listener, async options => {
      const error: unknown = await createPowerDns(options)
        .check()
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ kind: 'misconfigured' })
      expect(String(error)).not.toContain('secret-key')
      expect(asked).toHaveLength(1)
    })
  })

  test('closing ends what is under way', async () => {
    await against(
      () => undefined,
      async options => {
        const driver = createPowerDns({ ...options, timeoutMilliseconds: 60_000 })
        const stuck = expect(driver.publish(sampleZone('slow.test', 1, []))).rejects.toMatchObject({
          name: 'DriverError',
        })
        await driver.close()
        await stuck
        await expect(driver.list()).rejects.toMatchObject({ kind: 'timeout' })
      },
    )
  })
})

test('an address that is none is misconfigured', () => {
  expect(() => createPowerDns({ url: '127.0.0.1:8081', apiKey: 'k' })).toThrow(/URL/)
})
