import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createStripe } from './driver.ts'
import { startFakeStripe } from './fake/server.ts'

test('what is captured asynchronously is paid without a fee at first, and charge.updated names it once there is one', async () => {
  const fake = await startFakeStripe()
  try {
    const { url, secretKey, webhookSecret } = fake
    const driver = createStripe({ url, secretKey, webhookSecret })
    fake.money.captureLate()
    const wish = { amountMinor: 2480n, currency: 'EUR', description: 'Invoice 1', ...fake.addCard() }
    const key = randomUUID()
    const outcome = await driver.charge(key, wish, async () => {})
    if (outcome.state !== 'paid') throw new Error(`it is ${outcome.state}`)
    expect(outcome.payment).not.toHaveProperty('feeMinor')
    const { id } = outcome.payment
    fake.money.settle(fake.object(id, 'payment_intent'))
    expect(await driver.find(id)).toMatchObject({ payment: { amountMinor: 2480n, feeMinor: 62n } })
    const at = new Date()
    const delivery = { ...fake.events.sign(fake.events.all.at(-1) ?? {}, { at }), at }
    expect(driver.readEvent(delivery)).toMatchObject({ type: 'charge.updated', about: { id, key } })
  } finally {
    await fake.stop()
  }
})
