import { describe, expect, onTestFinished, test } from 'vitest'
import { vatDriverSuite } from '../conformance.ts'
import { vatCheckErrors } from '../driver.ts'
import { createVies, type ViesOptions } from './driver.ts'
import { startVies, viesTestNumbers } from './test-server.ts'

const requester = { prefix: 'EE', number: '100000001' }

async function rig(options: Partial<ViesOptions> = {}) {
  const server = await startVies()
  server.set('FR111', 'silent')
  const driver = createVies({ url: server.url, requester, timeoutMilliseconds: 2_000, ...options })
  return {
    server,
    driver,
    async close() {
      await driver.close()
      await server.stop()
    },
  }
}
async function opened(options: Partial<ViesOptions> = {}) {
  const one = await rig(options)
  onTestFinished(() => one.close())
  return one
}

describe('the vies driver keeps the promises of drivers that check VAT numbers', () => {
  vatDriverSuite(async () => ({
    ...(await rig({ timeoutMilliseconds: 500 })),
    valid: { prefix: 'FR', number: '100' },
    invalid: { prefix: 'FR', number: '200' },
    unknown: { prefix: 'FR', number: '301' },
    silent: { prefix: 'FR', number: '111' },
  }))
})

test('it asks in the words of VIES, and names itself', async () => {
  const { driver, server } = await opened()
  await driver.check({ prefix: 'EL', number: '100' })
  expect(server.questions).toEqual([
    { countryCode: 'EL', vatNumber: '100', requesterMemberStateCode: 'EE', requesterNumber: '100000001' },
  ])
})

test('who does not name itself gets no consultation number', async () => {
  const server = await startVies()
  onTestFinished(() => server.stop())
  const answer = await createVies({ url: `${server.url}/` }).check({ prefix: 'FR', number: '100' })
  expect(answer).toEqual({ state: 'valid', name: 'Example Trading', address: 'Harbour Street 5\n10111 EXAMPLE' })
})

test('what a state does not tell is left out', async () => {
  const { driver } = await opened()
  expect(await driver.check({ prefix: 'DE', number: '100' })).toEqual({
    state: 'valid',
    consultationNumber: 'WAPIAAAA00000001',
  })
})

const errors = Object.entries(viesTestNumbers).filter(([, said]) => said !== 'valid' && said !== 'invalid')
test.each(errors)('number %s of the test service is unknown: %s', async (number, error) => {
  const { driver } = await opened()
  expect(await driver.check({ prefix: 'FR', number })).toMatchObject({ state: 'unknown', error })
})

test('the test service has a number for every error', () => {
  expect(errors.map(([, error]) => error).sort()).toEqual([...vatCheckErrors].sort())
})

test('what is no answer of VIES is unknown', async () => {
  const { driver, server } = await opened()
  server.set('FR112', 'garbage')
  expect(await driver.check({ prefix: 'FR', number: '112' })).toMatchObject({ error: 'SERVICE_UNAVAILABLE' })
  expect(await driver.check({ prefix: 'FR', number: 'not a number' })).toMatchObject({ error: 'INVALID_INPUT' })
  await server.stop()
  expect(await driver.check({ prefix: 'FR', number: '100' })).toMatchObject({ error: 'SERVICE_UNAVAILABLE' })
})

test('who sends elsewhere is not believed, and what is elsewhere is not asked', async () => {
  const { driver, server } = await opened()
  server.set('FR113', 'elsewhere')
  expect(await driver.check({ prefix: 'FR', number: '113' })).toMatchObject({
    ...{ state: 'unknown', error: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('redirect') },
  })
  expect(server.questions).toHaveLength(1)
})

test('an answer without end is read no further than any answer of VIES goes', async () => {
  const { driver, server } = await opened()
  server.set('FR114', 'endless')
  expect(await driver.check({ prefix: 'FR', number: '114' })).toMatchObject({
    ...{ state: 'unknown', error: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('longer than 65536 bytes') },
  })
})

test('an address that is none is for the operator to mend', () => {
  expect(() => createVies({ url: 'vies.example.net' })).toThrow(expect.objectContaining({ kind: 'misconfigured' }))
})
