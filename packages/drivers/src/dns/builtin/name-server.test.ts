import { connect } from 'node:net'
import { encode } from 'dns-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DriverError } from '../../kit/driver-error.ts'
import { createNameServer, type NameServer } from './name-server.ts'
import { dig, runTool, startNameServer } from './test-run.ts'
import { testZone } from './test-zone.ts'

let server: NameServer
const soa = 'ns1.example.test. hostmaster.example.test. 1 7200 1800 1209600 60'
const negative = [`example.test. 60 IN SOA ${soa}`]
const large = Array.from({ length: 8 }, () => `"${'x'.repeat(200)}"`).join(' ')

const main = testZone(
  'example.test',
  `@ NS ns1.example.test.
   @ NS ns2.example.net.
   @ MX 10 mail.example.test.
   ns1 A 192.0.2.1
   mail A 192.0.2.2
   mail AAAA 2001:db8::2
   www CNAME web.example.test.
   web A 192.0.2.3
   web A 192.0.2.4
   _sip._udp SRV 1 2 5060 mail.example.test.
   a.b.c TXT "deep"
   large TXT ${large}
   *.wild A 192.0.2.5
   *.wild TXT "wild"
   name.wild MX 10 mail.example.test.
   below.deep.wild A 192.0.2.6
   *.alias CNAME web.example.test.
   sub NS ns1.sub.example.test.
   sub NS ns.example.net.
   sub DS 1 8 1 2BB183AF5F22588179A53B0A98631FAD1A292118
   ns1.sub A 192.0.2.7
   across CNAME www.other.test.
   nowhere CNAME absent.other.test.
   outside CNAME www.example.org.
   intosub CNAME host.sub.example.test.
   one CNAME two.example.test.
   two CNAME one.example.test.
   self CNAME self.example.test.`,
)

beforeAll(async () => {
  server = await startNameServer({ allowTransfer: ['127.0.0.1/32'] })
  await server.publish(main)
  await server.publish(testZone('other.test', '@ NS ns1.example.test.\nwww A 192.0.2.9'))
  await server.publish(testZone('child.example.test', '@ NS ns1.example.test.\nwww A 192.0.2.10'))
})
afterAll(() => server.close())

const a = (name: string, address: string) => `${name}.example.test. 300 IN A ${address}`
const web = [a('web', '192.0.2.3'), a('web', '192.0.2.4')]
const cname = (name: string, target: string) => `${name}.example.test. 300 IN CNAME ${target}.`

test.each([
  ['web.example.test A', web],
  ['www.example.test A', [cname('www', 'web.example.test'), ...web]],
  ['www.example.test CNAME', [cname('www', 'web.example.test')]],
  ['example.test SOA', [`example.test. 3600 IN SOA ${soa}`]],
  ['x.wild.example.test A', [a('x.wild', '192.0.2.5')]],
  ['x.y.wild.example.test A', [a('x.y.wild', '192.0.2.5')]],
  ['*.wild.example.test A', [a('*.wild', '192.0.2.5')]],
  ['x.alias.example.test A', [cname('x.alias', 'web.example.test'), ...web]],
  ['across.example.test A', [cname('across', 'www.other.test'), 'www.other.test. 300 IN A 192.0.2.9']],
  ['outside.example.test A', [cname('outside', 'www.example.org')]],
  ['one.example.test A', [cname('one', 'two.example.test'), cname('two', 'one.example.test')]],
  ['self.example.test A', [cname('self', 'self.example.test')]],
  ['sub.example.test DS', ['sub.example.test. 300 IN DS 1 8 1 2BB183AF5F22588179A53B0A98631FAD1A292118']],
  ['www.child.example.test A', [a('www.child', '192.0.2.10')]],
])('%s is answered with authority', async (question, answer) => {
  for (const way of ['+notcp', '+tcp']) {
    const response = await dig(server.port(), way, ...question.split(' '))
    expect(response).toMatchObject({ status: 'NOERROR', answer, authority: [] })
    expect(response.flags).toContain('aa')
    expect(response.flags).not.toContain('ra')
  }
})

test.each([
  ['a name with other types', 'web.example.test AAAA', 'NOERROR'],
  ['an empty non-terminal', 'b.c.example.test A', 'NOERROR'],
  ['a wildcard with other types', 'x.wild.example.test AAAA', 'NOERROR'],
  ['a name beside a wildcard', 'name.wild.example.test A', 'NOERROR'],
  ['a name that does not exist', 'absent.example.test A', 'NXDOMAIN'],
  ['a name below one that blocks the wildcard', 'x.name.wild.example.test A', 'NXDOMAIN'],
  ['a name below an empty non-terminal that blocks it', 'x.deep.wild.example.test A', 'NXDOMAIN'],
  ['the parent side of a zone that is not delegated', 'child.example.test DS', 'NXDOMAIN'],
])('%s is denied with the SOA', async (_what, question, status) => {
  const response = await dig(server.port(), ...question.split(' '))
  expect(response).toMatchObject({ status, answer: [], authority: negative })
  expect(response.flags).toContain('aa')
})

test('an alias to a name that one of our zones denies carries the denial', async () => {
  const response = await dig(server.port(), 'nowhere.example.test')
  expect(response).toMatchObject({ status: 'NXDOMAIN', answer: [cname('nowhere', 'absent.other.test')] })
  expect(response.authority[0]).toMatch(/^other\.test\. 60 IN SOA /)
})

test.each(['sub.example.test NS', 'sub.example.test A', 'host.sub.example.test A', 'ns1.sub.example.test A'])(
  '%s is referred, without authority and with glue',
  async question => {
    const response = await dig(server.port(), ...question.split(' '))
    expect(response).toMatchObject({
      status: 'NOERROR',
      answer: [],
      authority: ['sub.example.test. 300 IN NS ns1.sub.example.test.', 'sub.example.test. 300 IN NS ns.example.net.'],
      additional: [a('ns1.sub', '192.0.2.7')],
    })
    expect(response.flags).not.toContain('aa')
  },
)

test('an alias into a delegated zone ends in a referral', async () => {
  const response = await dig(server.port(), 'intosub.example.test')
  expect(response.answer).toEqual([cname('intosub', 'host.sub.example.test')])
  expect(response.authority).toHaveLength(2)
})

test.each(['example.test MX', '_sip._udp.example.test SRV'])(
  '%s brings the addresses of its target',
  async question => {
    const response = await dig(server.port(), ...question.split(' '))
    expect(response.additional).toEqual([a('mail', '192.0.2.2'), 'mail.example.test. 300 IN AAAA 2001:db8::2'])
  },
)

test('ANY is answered with one record set', async () => {
  const response = await dig(server.port(), '+notcp', 'web.example.test', 'ANY')
  expect(response.answer).toEqual(web)
})

test('what does not fit is truncated and comes whole over TCP', async () => {
  const truncated = await dig(server.port(), '+ignore', 'large.example.test', 'TXT')
  expect(truncated.flags).toContain('tc')
  expect(truncated.answer).toEqual([])
  const whole = await dig(server.port(), 'large.example.test', 'TXT')
  expect(whole.answer).toEqual([`large.example.test. 300 IN TXT ${large}`])
})

test.each([
  [['www.example.org'], 'REFUSED'],
  [['test'], 'REFUSED'],
  [['version.bind', 'CH', 'TXT'], 'REFUSED'],
  [['id.server', 'CH', 'TXT'], 'REFUSED'],
  [['example.test', '+edns=1', '+noednsneg'], 'BADVERS'],
  [['example.test', '+opcode=NOTIFY'], 'NOTIMP'],
  [['example.test', '+opcode=UPDATE'], 'NOTIMP'],
  [['example.test', 'TYPE254'], 'NOTIMP'],
  [['example.test', 'TYPE65280'], 'NOERROR'],
  [['example.test', '+ednsopt=65001:abcd', '+cookie', '+subnet=192.0.2.0/24'], 'NOERROR'],
])('%j has the status %s', async (words, status) => {
  expect((await dig(server.port(), ...words)).status).toBe(status)
})

test('kdig understands the answers, several on one connection', async () => {
  const output = await runTool(
    ...(['kdig', '@127.0.0.1', '-p', String(server.port()), '+tcp', '+keepopen'] as const),
    ...['www.example.test', '_sip._udp.example.test', 'SRV', 'absent.example.test', 'A'],
  )
  expect(output.match(/status: \w+/g)).toEqual(['status: NOERROR', 'status: NOERROR', 'status: NXDOMAIN'])
})

test('queries written at once on one connection, and in pieces, are all answered in order', async () => {
  const queries = Array.from({ length: 50 }, (_, id) => {
    const packet = encode({ type: 'query', id, questions: [{ type: 'A', name: 'web.example.test' }] })
    return Buffer.concat([Buffer.from([0, packet.length]), packet])
  })
  const bytes = Buffer.concat(queries)
  const socket = connect(server.port(), '127.0.0.1')
  socket.write(bytes.subarray(0, 101))
  setTimeout(() => socket.end(bytes.subarray(101)), 50)
  let received = Buffer.alloc(0)
  for await (const chunk of socket) received = Buffer.concat([received, chunk])
  const ids: number[] = []
  for (let at = 0; at < received.length; at += 2 + received.readUInt16BE(at)) ids.push(received.readUInt16BE(at + 2))
  expect(ids).toEqual(queries.map((_, id) => id))
})

test('an idle connection is closed, and connections above the limit are', async () => {
  const small = await startNameServer({ tcpConnections: 1, tcpIdleMilliseconds: 300 })
  const closed: string[] = []
  const open = (name: string) => {
    const socket = connect(small.port(), '127.0.0.1')
    socket.on('error', () => undefined)
    return { socket, closed: new Promise<void>(resolve => socket.on('close', () => resolve(void closed.push(name)))) }
  }
  const first = open('idle')
  await new Promise(resolve => first.socket.on('connect', resolve))
  await Promise.all([first.closed, open('above the limit').closed])
  expect(closed).toEqual(['above the limit', 'idle'])
  await small.close()
})

test('a query that comes byte by byte is given up, however steadily it comes', async () => {
  const own = await startNameServer({ tcpMessageMilliseconds: 200 })
  const socket = connect(own.port(), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(Buffer.from([0xff, 0xff]))
  const drip = setInterval(() => socket.write(Buffer.alloc(1)), 20)
  await new Promise(resolve => socket.on('close', resolve).resume())
  clearInterval(drip)
  await own.close()
})

test('a host beyond its share of connections loses its stillest one, and never takes those of others', async () => {
  const own = await startNameServer({ tcpConnections: 4, tcpConnectionsPerAddress: 2 })
  const packet = encode({ type: 'query', id: 1, questions: [{ type: 'A', name: 'web.example.test' }] })
  const query = Buffer.concat([Buffer.from([0, packet.length]), packet])
  const open = async (localAddress: string) => {
    const socket = connect({ port: own.port(), host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined)
    const opened = {
      gone: new Promise<void>(resolve => socket.on('close', () => resolve())),
      async ask() {
        socket.write(query)
        await new Promise<void>((resolve, reject) => {
          socket.once('data', () => resolve())
          socket.once('close', () => reject(new Error('closed')))
        })
        return 'answered'
      },
    }
    await opened.ask()
    return opened
  }
  const other = await open('127.0.0.2')
  const first = await open('127.0.0.1')
  const second = await open('127.0.0.1')
  await first.ask()
  const third = await open('127.0.0.1')
  await second.gone
  for (let i = 0; i < 10; i++) await open('127.0.0.1')
  await Promise.all([first.gone, third.gone])
  expect(await other.ask()).toBe('answered')
  expect(await (await open('127.0.0.3')).ask()).toBe('answered')
  await own.close()
})

test('a zone is replaced as a whole, listed with its serial, and gone when it is removed', async () => {
  const own = await startNameServer()
  await own.publish(testZone('example.net', '@ NS ns1.example.test.\nold A 192.0.2.1'))
  await own.publish(testZone('example.net', '@ NS ns1.example.test.\nnew A 192.0.2.2', 7))
  expect(await own.list()).toEqual(new Map([['example.net', 7]]))
  expect((await dig(own.port(), 'new.example.net')).status).toBe('NOERROR')
  expect((await dig(own.port(), 'old.example.net')).status).toBe('NXDOMAIN')
  await own.remove('example.net')
  await own.remove('absent.example.net')
  expect(await own.list()).toEqual(new Map())
  expect((await dig(own.port(), 'new.example.net')).status).toBe('REFUSED')
  await own.close()
})

test('a zone with data that cannot be is refused, and what was published stays', async () => {
  const broken = testZone('other.test', '@ NS ns1.example.test.\nwww A 192.0.2.300', 9)
  await expect(server.publish(broken)).rejects.toThrow(DriverError)
  await expect(server.publish({ ...broken, records: main.records })).rejects.toThrow('does not belong')
  expect((await dig(server.port(), 'www.other.test')).answer).toEqual(['www.other.test. 300 IN A 192.0.2.9'])
})

test('only allowed addresses may transfer zones, and only over TCP', async () => {
  const transfer = await dig(server.port(), 'example.test', 'AXFR')
  expect(transfer.text.match(/\tSOA\t/g)).toHaveLength(2)
  expect(transfer.text).toContain(`XFR size: ${main.records.length + 2} records`)
  const closed = await startNameServer({ allowTransfer: ['198.51.100.0/24', '2001:db8::/32'] })
  await closed.publish(main)
  expect((await dig(closed.port(), 'example.test', 'AXFR')).text).toContain('Transfer failed')
  await closed.close()
})

test('a port that is taken is a misconfiguration', async () => {
  const log = { warn: () => undefined, error: () => undefined }
  const second = createNameServer({ host: '127.0.0.1', port: server.port(), allowTransfer: [], notify: [], log })
  await expect(second.listen()).rejects.toMatchObject({ kind: 'misconfigured' })
  await expect(second.check()).rejects.toMatchObject({ kind: 'unavailable' })
  await server.check()
})

test.each([{ allowTransfer: ['localhost'] }, { notify: ['ns.example.test:53'] }])(
  '%j is a misconfiguration',
  options => {
    const log = { warn: () => undefined, error: () => undefined }
    expect(() =>
      createNameServer({ host: '127.0.0.1', port: 0, allowTransfer: [], notify: [], log, ...options }),
    ).toThrow(DriverError)
  },
)
