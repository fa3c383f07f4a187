import { beforeAll, expect, test } from 'vitest'
import { answered, record, sampleZone, sorted } from './sample-zones.ts'
import type { Subject } from './subject.ts'

const zone = 'sizes.test'
const texts = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => record(`${name}.${zone}`, 'TXT', `"${String(at).padStart(90, 'x')}"`))
const small = texts('small', 8)
const large = texts('large', 60)

/** How answers travel (RFC 1035 §4.2, 6891, 7766). */
export function transportTests(subject: () => Subject): void {
  beforeAll(() => subject().driver.publish(sampleZone(zone, 1, [...small, ...large])))

  test('EDNS is answered with EDNS, and not sent to those who do not speak it', async () => {
    const { ask } = subject()
    expect((await ask(zone, 'SOA', { ednsSize: 1232 })).ednsSize).toBeGreaterThanOrEqual(512)
    expect((await ask(zone, 'SOA')).ednsSize).toBeUndefined()
  })

  test('without EDNS an answer of more than 512 bytes is truncated, with EDNS it fits', async () => {
    const { ask } = subject()
    const plain = await ask(`small.${zone}`, 'TXT')
    expect(plain.truncated).toBe(true)
    expect(plain.bytes).toBeLessThanOrEqual(512)
    const edns = await ask(`small.${zone}`, 'TXT', { ednsSize: 1232 })
    expect(edns.truncated).toBe(false)
    expect(sorted(edns.answers)).toEqual(sorted(small.map(answered)))
  })

  test('no answer by UDP is longer than the asker takes, and by TCP it is whole', async () => {
    const { ask } = subject()
    for (const ednsSize of [512, 1000, 4096]) {
      const response = await ask(`large.${zone}`, 'TXT', { ednsSize })
      expect(response.truncated).toBe(true)
      expect(response.bytes).toBeLessThanOrEqual(ednsSize)
    }
    const whole = await ask(`large.${zone}`, 'TXT', { transport: 'tcp' })
    expect(whole.truncated).toBe(false)
    expect(sorted(whole.answers)).toEqual(sorted(large.map(answered)))
  })
}
