import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'dns-packet'
import { afterEach, expect, test } from 'vitest'
import { dig, runTool, startNameServer } from './test-run.ts'
import { testZone } from './test-zone.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const lines = `@ NS ns1.example.test.
  ns1 A 192.0.2.1
  @ MX 10 mail.example.test.
  mail AAAA 2001:db8::1
  www CNAME mail.example.test.
  *.wild TXT "quoted \\"text\\"" "\\195\\164"
  _sip._udp SRV 1 2 5060 mail.example.test.
  @ CAA 0 issue "ca.example.net"
  _443._tcp TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  host SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  tel NAPTR 100 10 "U" "E2U+sip" "!^.*$!sip:info@example.org!" .
  @ HTTPS 1 . alpn="h2,h3" port="8443" ipv4hint="192.0.2.1"
  svc SVCB 0 target.example.net.
  ptr PTR host.example.test.
  place LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
  sub NS ns.sub.example.test.
  sub DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118
  ns.sub A 192.0.2.2`
const many = Array.from({ length: 3000 }, (_, index) => `host-${index} A 198.51.100.${index % 256}`).join('\n')

test('BIND fetches a zone of several messages, answers as we do, and follows a notice to the next serial', async () => {
  const bindPort = await freePort()
  const server = await startNameServer({ allowTransfer: ['127.0.0.0/8'], notify: [`127.0.0.1:${bindPort}`] })
  cleanups.push(() => server.close())
  await server.publish(testZone('example.test', `${lines}\n${many}`))
  await startBind(bindPort, server.port())
  await until(async () => (await dig(bindPort, 'example.test', 'SOA')).status === 'NOERROR')
  const questions = `${lines}\nhost-2999 A\nabsent A\nx.wild TXT\nx.sub A\nb.absent MX`.split('\n').map(question => {
    const [name = '@', type = 'A'] = question.trim().split(/ +/)
    return [name === '@' ? 'example.test' : `${name}.example.test`, type] as const
  })
  for (const question of questions) {
    const [theirs, ours] = [await dig(bindPort, ...question), await dig(server.port(), ...question)]
    expect(sorted(ours), question.join(' ')).toEqual(sorted(theirs))
  }
  await server.publish(testZone('example.test', `${lines}\nlater A 192.0.2.99`, 2))
  await until(async () => (await dig(bindPort, 'later.example.test')).answer.length === 1)
  expect((await dig(bindPort, 'host-1.example.test')).status).toBe('NXDOMAIN')
})

test('named-checkzone finds nothing wrong with a transferred zone', async () => {
  const server = await startNameServer({ allowTransfer: ['127.0.0.1'] })
  cleanups.push(() => server.close())
  await server.publish(testZone('example.test', lines))
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-zone-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const transfer = await dig(server.port(), 'example.test', 'AXFR', '+onesoa')
  await writeFile(join(folder, 'zone'), transfer.text)
  expect(await runTool('named-checkzone', '-k', 'fail', '-i', 'local', 'example.test', join(folder, 'zone'))).toMatch(
    /OK\n$/,
  )
})

test('a notice is repeated until the secondary acknowledges it, and a serial that stays needs none', async () => {
  const secondary = createSocket('udp4')
  await new Promise<void>(resolve => secondary.bind(0, '127.0.0.1', resolve))
  cleanups.push(async () => secondary.close())
  const notices: string[] = []
  const second = new Promise<void>(resolve =>
    secondary.on('message', (message, from) => {
      const notice = decode(message)
      notices.push(`${message.readUInt8(2) >> 3} ${notice.questions?.[0]?.name} ${notice.id}`)
      if (notices.length === 1) return
      message[2] = message.readUInt8(2) | 0x80
      secondary.send(message, from.port, from.address, () => resolve())
    }),
  )
  const server = await startNameServer({ notify: [`127.0.0.1:${secondary.address().port}`] })
  cleanups.push(() => server.close())
  await server.publish(testZone('example.test', lines))
  await server.publish(testZone('example.test', lines))
  await second
  // The next repetition would come after two seconds.
  await new Promise(resolve => setTimeout(resolve, 2500))
  expect(notices).toHaveLength(2)
  expect(notices[0]).toMatch(/^4 example\.test /)
  expect(notices[1]).toBe(notices[0])
})

async function startBind(port: number, primaryPort: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-bind-'))
  await writeFile(
    join(folder, 'named.conf'),
    `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no;
       pid-file none; session-keyfile none; managed-keys-directory "${folder}"; dnssec-validation no; minimal-responses no-auth; };
     controls { };
     zone "example.test" { type secondary; primaries { 127.0.0.1 port ${primaryPort}; }; masterfile-format text; file "copy"; };`,
  )
  const named: ChildProcess = spawn('named', ['-f', '-n', '1', '-c', join(folder, 'named.conf')], { stdio: 'ignore' })
  const exited = new Promise(resolve => named.on('exit', resolve))
  cleanups.push(async () => {
    named.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await reached().catch(() => false)) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('the secondary did not follow')
}

/** Order within a section means nothing; BIND puts the apex NS beside answers, which is left to servers. */
function sorted(answer: Awaited<ReturnType<typeof dig>>) {
  return {
    status: answer.status,
    aa: answer.flags.includes('aa'),
    answer: [...answer.answer].sort(),
    authority: [...answer.authority].sort(),
    additional: [...answer.additional].sort(),
  }
}
