import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNameServer, type NameServer } from './builtin/name-server.ts'
import { type Ask, createAsk } from './conformance/ask.ts'
import type { AnsweredRecord, DnsResponse } from './conformance/message.ts'
import { askedTypes, type Question, questions, zones } from './conformance/questions.ts'
import { record, sampleZone, sorted } from './conformance/sample-zones.ts'
import type { DnsDriver } from './driver.ts'
import { createPowerDns } from './powerdns/driver.ts'
import { type PowerDnsServer, startPowerDns } from './powerdns/test-server.ts'
import { nameToWire } from './records/wire-name.ts'

/*
 * The same zones in both name servers, asked the same. What servers may choose is not compared: the additional section beside
 * the glue of a referral, the order of records, and what follows here.
 *
 * Aliases that go round in a circle: PowerDNS fails (SERVFAIL), the builtin server answers with the circle and leaves it to the
 * resolver (RFC 1034 §3.6.2). A CNAME made from a wildcard and asked for as such: PowerDNS goes on to its target.
 */

let powerDns: PowerDnsServer
let builtin: NameServer
let drivers: readonly DnsDriver[]
let askBuiltin: Ask
let askPowerDns: Ask

beforeAll(async () => {
  powerDns = await startPowerDns()
  const log = { warn: () => undefined, error: () => undefined }
  builtin = createNameServer({ host: '127.0.0.1', port: 0, allowTransfer: [], notify: [], log })
  await builtin.listen()
  drivers = [builtin, createPowerDns(powerDns)]
  askBuiltin = createAsk(builtin.port())
  askPowerDns = createAsk(powerDns.dnsPort)
})
afterAll(async () => {
  for (const driver of drivers) await driver.close()
  await powerDns.stop()
})

/** What has to be the same. */
function essence(response: DnsResponse): object {
  const { code, authoritative, truncated, answers, authority, additional } = response
  const isReferral = answers.length === 0 && authority.some(one => one.type === 'NS')
  const glue: readonly AnsweredRecord[] = isReferral ? additional : []
  return { code, authoritative, truncated, answers: sorted(answers), authority: sorted(authority), glue: sorted(glue) }
}

function isCircle(answers: readonly AnsweredRecord[]): boolean {
  const target = answers.at(-1)?.dataHex
  return answers.some(one => Buffer.from(nameToWire(one.name), 'latin1').toString('hex') === target)
}

async function compare({ name, type }: Question): Promise<void> {
  const [ours, theirs] = await Promise.all([askBuiltin(name, type), askPowerDns(name, type)])
  if (theirs.code === 'SERVFAIL') {
    const { answers } = await askBuiltin(name, 'A')
    return expect(isCircle(answers), `${name} ${type}`).toBe(true)
  }
  const [alias] = type === 'CNAME' ? ours.answers : []
  if (alias !== undefined) return expect(theirs.answers, `${name} CNAME`).toContainEqual(alias)
  expect(essence(ours), `${name} ${type}`).toEqual(essence(theirs))
}

test('both name servers give the same answers to every question about the same zones', async () => {
  const runs = 25
  let asked = 0
  let run = 0
  await fc.assert(
    fc.asyncProperty(zones('same.test'), async zone => {
      run++
      for (const driver of drivers) await driver.publish({ ...zone, serial: run })
      for (const question of questions('same.test')) await compare(question)
      asked += questions('same.test').length
    }),
    { numRuns: runs, seed: 20_261_122 },
  )
  expect(asked).toBeGreaterThanOrEqual(runs * 200)
})

test('zones beside and below each other are answered alike', async () => {
  const cut = (data: string) => record('inner.same.test', 'NS', data)
  const outer = sampleZone('same.test', 1, [
    cut('ns.inner.same.test.'),
    record('ns.inner.same.test', 'A', '192.0.2.53'),
    record('inner.same.test', 'DS', `1 13 2 ${'ab'.repeat(32)}`),
    record('beside.same.test', 'CNAME', 'www.beside.test.'),
    record('missing.same.test', 'CNAME', 'missing.beside.test.'),
    record('into.same.test', 'CNAME', 'www.inner.same.test.'),
  ])
  const inner = sampleZone('inner.same.test', 2, [
    record('www.inner.same.test', 'A', '192.0.2.1'),
    record('up.inner.same.test', 'CNAME', 'beside.same.test.'),
  ])
  const beside = sampleZone('beside.test', 3, [record('www.beside.test', 'A', '192.0.2.2')])
  const names = ['', 'beside.', 'missing.', 'into.', 'inner.', 'ns.inner.', 'www.inner.', 'no.inner.', 'up.inner.']
  for (const zones of [[outer], [outer, inner], [outer, inner, beside]]) {
    for (const driver of drivers) for (const zone of zones) await driver.publish(zone)
    for (const label of names) for (const type of askedTypes) await compare({ name: `${label}same.test`, type })
  }
})
