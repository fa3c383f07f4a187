import { paymentDriverSuite } from '../conformance.ts'
import { createStripe } from './driver.ts'
import { startFakeStripe } from './fake/server.ts'

const cards = { good: 'pm_card_visa', declined: 'pm_card_chargeDeclined' } as const

paymentDriverSuite('stripe', async () => {
  const fake = await startFakeStripe()
  const { url, secretKey, webhookSecret } = fake
  const options = { url, secretKey, webhookSecret, timeoutMilliseconds: 1000 }
  return {
    driver: createStripe(options),
    dead: createStripe({ ...options, url: 'http://127.0.0.1:1' }),
    stranger: createStripe({ ...options, secretKey: 'sk_test_of_somebody_else' }),
    keepCard: kind => fake.addCard(cards[kind]),
    payOn: (id, kind) => fake.pay(id, { card: cards[kind] }),
    taken: () => fake.captured().length,
    dispute: id => void fake.money.dispute(fake.object(id, 'payment_intent')),
    silence: when => fake.mishap(/confirm$/, when === 'after' ? 'late' : 'lost'),
    deliveries: (at, forged = false) =>
      fake.events.all.map(event => {
        const secret = forged ? 'whsec_of_somebody_else' : webhookSecret
        return { ...fake.events.sign(event, { at, secret }), at }
      }),
    stop: () => fake.stop(),
  }
})
