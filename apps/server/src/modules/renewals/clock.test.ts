import { contract } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'
import { waitFor } from '../../../test/wait-for.ts'
import { fixedClock } from '../../clock.ts'
import { openNotifications } from '../../db/notifications.ts'
import { openBusinessClock } from './index.ts'

const start = new Date('2026-01-31T10:00:00Z')
let full: FullServer
let token: string
beforeAll(async () => {
  full = await fullServer({ testMode: true, timeZone: 'Europe/Tallinn' }, fixedClock(start))
  token = await signIn(full)
})
afterAll(() => full.close())

async function signIn({ server }: FullServer): Promise<string> {
  const person = { email: 'clock@example.com', password: 'correct horse battery' }
  await send(server, contract.extensions.signup, person)
  return String(
    (await send(server, contract.auth.login, { username: person.email, password: person.password })).json.token,
  )
}
const move = async (input: object) => {
  const { status, json } = await send(full.server, contract.extensions.moveClock, { ...input }, token)
  return { status, now: json.now, error: json.error }
}

describe('in test mode the business clock', () => {
  test('moves by months, days and seconds, and the wall clock stays', async () => {
    expect(await move({ advance: { months: 1 } })).toMatchObject({ status: 200, now: '2026-02-28 12:00:00' })
    expect(await move({ advance: { days: 1, seconds: 90 } })).toMatchObject({ now: '2026-03-01 12:01:30' })
    expect(full.app.clock.now()).toEqual(start)
    const { json } = await send(full.server, contract.extensions.getClock, {}, token)
    expect(json.now).toBe('2026-03-01 12:01:30')
  })

  test('is set to a moment, but never back, and not for ever ahead', async () => {
    expect(await move({ set: '2026-04-01 00:00:00' })).toMatchObject({ status: 200, now: '2026-04-01 00:00:00' })
    for (const wrong of [{ set: '2026-03-31' }, { set: 'tomorrow' }, { set: '2036-01-01' }]) {
      expect(await move(wrong)).toMatchObject({ status: 422, error: ['field_format_error', 'set'] })
    }
    expect(await move({})).toMatchObject({ status: 422, error: ['field_empty_error', 'advance'] })
    expect(await move({ advance: { days: -1 } })).toMatchObject({
      status: 422,
      error: ['field_format_error', 'advance'],
    })
  })

  test('is moved on every node of the installation, and known to one that starts later', async () => {
    const notifications = await openNotifications(full.app.connection)
    const other = await openBusinessClock({ ...full.app, notifications })
    expect(other.now()).toEqual(full.app.business.now())
    await move({ advance: { days: 3 } })
    await waitFor(() => other.now().getTime() === full.app.business.now().getTime())
    await notifications.close()
  })

  test('goes as far as it is told when it is moved from two sides at once', async () => {
    const before = full.app.business.now().getTime()
    await Promise.all([move({ advance: { days: 2 } }), move({ advance: { days: 3 } })])
    expect(full.app.business.now().getTime() - before).toBe(5 * 86_400_000)
  })
})

test('outside test mode there is no clock to move, and business goes by the wall clock', async () => {
  const productive = await fullServer({}, fixedClock(start))
  const mine = await signIn(productive)
  for (const operation of [contract.extensions.getClock, contract.extensions.moveClock]) {
    const { status, json } = await send(productive.server, operation, { advance: { days: 1 } }, mine)
    expect({ status, json }).toEqual({ status: 404, json: { success: false, error: ['invalid method'] } })
  }
  expect(productive.app.business.now()).toEqual(start)
  await productive.close()
})
