import { expect, test } from 'vitest'
import { DriverError } from '../../kit/driver-error.ts'
import { recordTypes } from '../records/types.ts'
import { answered, record, sampleData, sampleZone, sorted } from './sample-zones.ts'
import type { Subject } from './subject.ts'

/** What `list`, `publish` and `remove` promise. */
export function publishingTests(subject: () => Subject): void {
  test('a published zone is answered, and listed with its serial', async () => {
    const { driver, ask } = subject()
    const www = record('www.first.test', 'A', '192.0.2.1')
    await driver.publish(sampleZone('first.test', 2026112201, [www]))
    expect((await driver.list()).get('first.test')).toBe(2026112201)
    const response = await ask('www.first.test', 'A')
    expect(response).toMatchObject({ code: 'NOERROR', authoritative: true, answers: [answered(www)] })
  })

  test('what was published before is replaced whole, down to TTL and SOA', async () => {
    const { driver, ask } = subject()
    const zone = 'replaced.test'
    const kept = record(`kept.${zone}`, 'TXT', '"kept"')
    await driver.publish(
      sampleZone(zone, 1, [
        kept,
        record(`gone.${zone}`, 'A', '192.0.2.1'),
        record(`changed.${zone}`, 'A', '192.0.2.1'),
        record(`changed.${zone}`, 'AAAA', '2001:db8::1'),
        record(`alias.${zone}`, 'CNAME', `kept.${zone}.`),
        record(`plain.${zone}`, 'A', '192.0.2.9'),
      ]),
    )
    const changed = [record(`changed.${zone}`, 'A', '192.0.2.1', 60), record(`changed.${zone}`, 'A', '192.0.2.2', 60)]
    const swapped = [record(`alias.${zone}`, 'A', '192.0.2.8'), record(`plain.${zone}`, 'CNAME', 'www.example.net.')]
    await driver.publish({ ...sampleZone(zone, 2, [kept, ...changed, ...swapped]), minimumSeconds: 77 })
    expect((await ask(`kept.${zone}`, 'TXT')).answers).toEqual([answered(kept)])
    expect((await ask(`gone.${zone}`, 'A')).code).toBe('NXDOMAIN')
    expect(sorted((await ask(`changed.${zone}`, 'A')).answers)).toEqual(sorted(changed.map(answered)))
    const nodata = await ask(`changed.${zone}`, 'AAAA')
    expect(nodata).toMatchObject({ code: 'NOERROR', answers: [], authority: [{ type: 'SOA', ttlSeconds: 77 }] })
    for (const one of swapped) expect((await ask(one.name, one.type)).answers).toEqual([answered(one)])
    expect((await driver.list()).get(zone)).toBe(2)
  })

  test('publishing the same again changes nothing', async () => {
    const { driver, ask } = subject()
    const zone = sampleZone('again.test', 7, [record('www.again.test', 'A', '192.0.2.1')])
    for (let time = 0; time < 3; time++) await driver.publish(zone)
    expect((await ask('www.again.test', 'A')).answers).toHaveLength(1)
    expect((await ask('again.test', 'SOA')).answers).toHaveLength(1)
    expect((await driver.list()).get('again.test')).toBe(7)
  })

  test('serials go where they are sent, over the end of their range and back', async () => {
    const { driver } = subject()
    for (const serial of [4_294_967_295, 0, 1, 2_147_483_648]) {
      await driver.publish(sampleZone('serials.test', serial, []))
      expect((await driver.list()).get('serials.test')).toBe(serial)
    }
  })

  test('a removed zone is refused, and may be removed again or come back', async () => {
    const { driver, ask } = subject()
    const zone = sampleZone('removed.test', 5, [record('www.removed.test', 'A', '192.0.2.1')])
    await driver.publish(zone)
    await driver.remove('removed.test')
    await driver.remove('removed.test')
    expect((await ask('www.removed.test', 'A')).code).toBe('REFUSED')
    expect((await driver.list()).has('removed.test')).toBe(false)
    await driver.publish(zone)
    expect((await ask('www.removed.test', 'A')).answers).toHaveLength(1)
  })

  test('a zone that never was can be removed', async () => {
    await subject().driver.remove('never.test')
  })

  test.each(recordTypes)('%s records are answered byte for byte', async type => {
    const { driver, ask } = subject()
    expect(driver.types.has(type)).toBe(true)
    const zone = `${type.toLowerCase()}.test`
    const records = sampleData[type].map((data, at) => record(`r${at}.${zone}`, type, data))
    await driver.publish(sampleZone(zone, 1, records))
    for (const one of records) {
      const { answers, authority } = await ask(one.name, type, { transport: 'tcp' })
      // Below the apex an NS set is a referral.
      expect(type === 'NS' ? authority : answers).toEqual([answered(one)])
    }
  })

  test('a set of several records is answered whole', async () => {
    const { driver, ask } = subject()
    const records = sampleData.TXT.map(data => record('set.sets.test', 'TXT', data))
    await driver.publish(sampleZone('sets.test', 1, records))
    const { answers } = await ask('set.sets.test', 'TXT', { transport: 'tcp' })
    expect(sorted(answers)).toEqual(sorted(records.map(answered)))
  })

  test('a zone of 1000 records is served, and one of them can be changed', async () => {
    const { driver, ask } = subject()
    const records = Array.from({ length: 1000 }, (_, at) => record(`h${at}.large.test`, 'A', `192.0.2.${at % 256}`))
    await driver.publish(sampleZone('large.test', 1, records))
    expect((await ask('h999.large.test', 'A')).answers).toHaveLength(1)
    const changed = record('h500.large.test', 'A', '203.0.113.1')
    await driver.publish(sampleZone('large.test', 2, records.with(500, changed)))
    expect((await ask('h500.large.test', 'A')).answers).toEqual([answered(changed)])
    expect((await ask('h0.large.test', 'A')).answers).toHaveLength(1)
  })

  test('zones published at the same time all arrive', async () => {
    const { driver, ask } = subject()
    const names = Array.from({ length: 30 }, (_, at) => `together${at}.test`)
    await Promise.all(names.map(name => driver.publish(sampleZone(name, 3, [record(name, 'A', '192.0.2.1')]))))
    const listed = await driver.list()
    expect(names.map(name => listed.get(name))).toEqual(names.map(() => 3))
    for (const name of names) expect((await ask(name, 'A')).answers).toHaveLength(1)
  })

  test('after a change was published nobody gets the old answer, however much is asked meanwhile', async () => {
    const { driver, ask } = subject()
    const at = (serial: number) => record('www.fresh.test', 'A', `192.0.2.${serial}`)
    await driver.publish(sampleZone('fresh.test', 1, [at(1)]))
    let running = true
    const askers = Array.from({ length: 4 }, async () => {
      while (running) await ask('www.fresh.test', 'A')
    })
    for (let serial = 2; serial <= 40; serial++) {
      await driver.publish(sampleZone('fresh.test', serial, [at(serial)]))
      expect((await ask('www.fresh.test', 'A')).answers).toEqual([answered(at(serial))])
    }
    running = false
    await Promise.all(askers)
  })

  test('a zone that cannot be is refused, and the last good one stays', async () => {
    const { driver, ask } = subject()
    const good = record('www.good.test', 'A', '192.0.2.1')
    await driver.publish(sampleZone('good.test', 1, [good]))
    const bad = sampleZone('good.test', 2, [
      record('www.good.test', 'A', '192.0.2.2'),
      record('x.good.test', 'A', '192.0.2.999'),
    ])
    await expect(driver.publish(bad)).rejects.toMatchObject({ name: 'DriverError', kind: 'refused' })
    expect((await ask('www.good.test', 'A')).answers).toEqual([answered(good)])
    await driver.publish(sampleZone('good.test', 3, []))
    expect((await ask('www.good.test', 'A')).code).toBe('NXDOMAIN')
  })

  test('a server that does not answer fails the check, with a word on what to do', async () => {
    const { driver, dead } = subject()
    await driver.check()
    const error = await dead.check().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DriverError)
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringMatching(/reached|listening/) })
  })
}
