import { beforeAll, expect, test } from 'vitest'
import type { ZoneRecord } from '../driver.ts'
import { answered, record, sampleZone, sorted } from './sample-zones.ts'
import type { Subject } from './subject.ts'

const zone = 'answers.test'
const at = (name: string, type: ZoneRecord['type'], data: string) => record(`${name}.${zone}`, type, data)

const records = {
  apex: record(zone, 'A', '192.0.2.1'),
  www: at('www', 'A', '192.0.2.2'),
  deep: at('a.b.c', 'TXT', '"deep"'),
  wildcard: at('*.wild', 'A', '192.0.2.3'),
  wildText: at('*.wild', 'TXT', '"wild"'),
  below: at('x.known.wild', 'A', '192.0.2.4'),
  wildAlias: at('*.any', 'CNAME', `www.${zone}.`),
  first: at('first', 'CNAME', `second.${zone}.`),
  second: at('second', 'CNAME', `www.${zone}.`),
  outside: at('outside', 'CNAME', 'www.example.net.'),
  dangling: at('dangling', 'CNAME', `nothing.${zone}.`),
  loop: at('loop', 'CNAME', `loop.${zone}.`),
  cut: at('cut', 'NS', `ns.cut.${zone}.`),
  cutFar: at('cut', 'NS', 'ns.example.net.'),
  glue: at('ns.cut', 'A', '192.0.2.5'),
  glue6: at('ns.cut', 'AAAA', '2001:db8::5'),
  signer: at('cut', 'DS', `60485 13 2 ${'d4'.repeat(32)}`),
  unsigned: at('unsigned', 'NS', 'ns.example.net.'),
  intoCut: at('into-cut', 'CNAME', `host.cut.${zone}.`),
  mail: record(zone, 'MX', `10 www.${zone}.`),
}

/** What questions are answered (RFC 1034 §4.3.2, 2308, 4592). */
export function answeringTests(subject: () => Subject): void {
  beforeAll(() => subject().driver.publish(sampleZone(zone, 42, Object.values(records))))

  const denial = { answers: [], authority: [{ name: zone, type: 'SOA', ttlSeconds: 300 }], authoritative: true }

  test('the SOA has the fields of the zone', async () => {
    const { answers } = await subject().ask(zone, 'SOA')
    const names = '036e7331076578616d706c65036e657400' + '0a686f73746d6173746572076578616d706c65036e657400'
    const numbers = [42, 7200, 900, 1_209_600, 300].map(number => number.toString(16).padStart(8, '0')).join('')
    expect(answers).toEqual([{ name: zone, type: 'SOA', ttlSeconds: 3600, dataHex: names + numbers }])
  })

  test('a missing type is an empty answer and a missing name does not exist; both bring the SOA', async () => {
    const { ask } = subject()
    expect(await ask(`www.${zone}`, 'TXT')).toMatchObject({ code: 'NOERROR', ...denial })
    expect(await ask(`nothing.${zone}`, 'A')).toMatchObject({ code: 'NXDOMAIN', ...denial })
  })

  test('a name that only has names below it is empty, not missing', async () => {
    const { ask } = subject()
    for (const name of [`b.c.${zone}`, `c.${zone}`]) {
      expect(await ask(name, 'A')).toMatchObject({ code: 'NOERROR', ...denial })
    }
    expect((await ask(`x.b.c.${zone}`, 'A')).code).toBe('NXDOMAIN')
  })

  test('names compare without case, and the question comes back as it was asked', async () => {
    const response = await subject().ask(`wWw.ANSWERS.test`, 'A')
    expect(response).toMatchObject({ code: 'NOERROR', question: 'wWw.ANSWERS.test' })
    expect(response.answers.map(one => one.dataHex)).toEqual(['c0000202'])
  })

  test('a wildcard answers for names that do not exist, at any depth', async () => {
    const { ask } = subject()
    for (const name of [`x.wild.${zone}`, `a.b.wild.${zone}`]) {
      expect((await ask(name, 'A')).answers).toEqual([answered({ ...records.wildcard, name })])
      expect(await ask(name, 'AAAA')).toMatchObject({ code: 'NOERROR', ...denial })
    }
    expect((await ask(`*.wild.${zone}`, 'A')).answers).toEqual([answered(records.wildcard)])
  })

  test('a wildcard does not answer for its own parent, nor beside or below a name that exists', async () => {
    const { ask } = subject()
    expect(await ask(`wild.${zone}`, 'A')).toMatchObject({ code: 'NOERROR', ...denial })
    expect(await ask(`known.wild.${zone}`, 'A')).toMatchObject({ code: 'NOERROR', ...denial })
    expect(await ask(`y.known.wild.${zone}`, 'A')).toMatchObject({ code: 'NXDOMAIN', ...denial })
  })

  test('a chain of aliases is answered to its end', async () => {
    const { ask } = subject()
    const chain = [records.first, records.second, records.www].map(answered)
    expect((await ask(`first.${zone}`, 'A')).answers).toEqual(chain)
    expect((await ask(`first.${zone}`, 'CNAME')).answers).toEqual(chain.slice(0, 1))
    const name = `x.any.${zone}`
    expect((await ask(name, 'A')).answers).toEqual([answered({ ...records.wildAlias, name }), answered(records.www)])
  })

  test('an alias of a name elsewhere is answered alone', async () => {
    const response = await subject().ask(`outside.${zone}`, 'A')
    expect(response).toMatchObject({ code: 'NOERROR', answers: [answered(records.outside)] })
  })

  test('an alias of a missing name brings NXDOMAIN with the alias', async () => {
    const response = await subject().ask(`dangling.${zone}`, 'A')
    expect(response).toMatchObject({ ...denial, code: 'NXDOMAIN', answers: [answered(records.dangling)] })
  })

  test('an alias of itself ends', async () => {
    const { answers } = await subject().ask(`loop.${zone}`, 'A')
    expect(answers.every(one => one.name === records.loop.name)).toBe(true)
  })

  test('a delegated name is referred, with the addresses of its servers', async () => {
    const { ask } = subject()
    for (const name of [`cut.${zone}`, `host.cut.${zone}`, `ns.cut.${zone}`]) {
      const response = await ask(name, 'A')
      expect(response).toMatchObject({ code: 'NOERROR', authoritative: false, answers: [] })
      const servers = response.authority.filter(one => one.type === 'NS')
      expect(sorted(servers)).toEqual(sorted([records.cut, records.cutFar].map(answered)))
      expect(sorted(response.additional)).toEqual(sorted([records.glue, records.glue6].map(answered)))
    }
  })

  test('the DS of a delegation is answered by the parent', async () => {
    const { ask } = subject()
    const response = await ask(`cut.${zone}`, 'DS')
    expect(response).toMatchObject({ authoritative: true, answers: [answered(records.signer)] })
    expect(await ask(`unsigned.${zone}`, 'DS')).toMatchObject({ code: 'NOERROR', ...denial })
  })

  test('an alias into a delegation is answered and then referred', async () => {
    const response = await subject().ask(`into-cut.${zone}`, 'A')
    expect(response.answers).toEqual([answered(records.intoCut)])
    expect(sorted(response.authority.filter(one => one.type === 'NS'))).toEqual(
      sorted([records.cut, records.cutFar].map(answered)),
    )
  })

  test('the addresses of a mail host come along', async () => {
    expect((await subject().ask(zone, 'MX')).additional).toEqual([answered(records.www)])
  })

  test('a name of no zone is refused', async () => {
    const { ask } = subject()
    for (const name of ['example.com', 'test', 'xanswers.test']) {
      expect(await ask(name, 'A')).toMatchObject({ code: 'REFUSED', authoritative: false, answers: [], authority: [] })
    }
  })

  test('a zone inside another answers for its own names', async () => {
    const { driver, ask } = subject()
    const inner = record(`www.inner.${zone}`, 'A', '192.0.2.7')
    await driver.publish(sampleZone(`inner.${zone}`, 9, [inner]))
    expect((await ask(inner.name, 'A')).answers).toEqual([answered(inner)])
    expect(await ask(`no.inner.${zone}`, 'A')).toMatchObject({ authority: [{ name: `inner.${zone}` }] })
    await driver.remove(`inner.${zone}`)
    expect(await ask(inner.name, 'A')).toMatchObject({ code: 'NXDOMAIN', authority: [{ name: zone }] })
  })
}
