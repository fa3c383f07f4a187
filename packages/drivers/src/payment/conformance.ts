import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChargeWish, CheckoutWish, Delivery, PaymentDriver } from './driver.ts'

/** A gateway as the suite meets it, with the hands of customers, their banks and the network in between. */
export interface PaymentSubject {
  readonly driver: PaymentDriver
  /** The same kind of driver with nobody there to talk to, and one with a wrong key. */
  readonly dead: PaymentDriver
  readonly stranger: PaymentDriver
  /** A customer with a card that the gateway keeps. */
  keepCard(kind: 'good' | 'declined'): { customerRef: string; cardRef: string }
  /** What a customer does on a page. */
  payOn(checkoutId: string, kind: 'good' | 'declined'): void
  /** How many payments the gateway has taken. */
  taken(): number
  /** The bank of the payer takes a payment back. */
  dispute(paymentId: string): void
  /** The next attempt to move money is never answered: after it was carried out, or instead of it. */
  silence(when: 'after' | 'instead'): void
  /** Every delivery so far, signed at that moment; or one signed by somebody else. */
  deliveries(at: Date, forged?: boolean): Delivery[]
  stop(): Promise<void>
}

/** What every payment driver promises. There are no exceptions: who cannot pass a test is no driver. */
export function paymentDriverSuite(name: string, start: () => Promise<PaymentSubject>): void {
  describe(`the payment driver ${name}`, () => {
    let started: PaymentSubject | undefined
    const subject = () => {
      if (started === undefined) throw new Error('the driver did not start')
      return started
    }
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started?.stop())
    describe('a checkout', () => checkoutTests(subject))
    describe('a charge of a kept card', () => chargeTests(subject))
    describe('a refund', () => refundTests(subject))
    describe('a delivery', () => deliveryTests(subject))
    describe('without an answer', () => failureTests(subject))
  })
}

type Subject = () => PaymentSubject

const inAnHour = () => new Date(Date.now() + 3_600_000)
const amount = { amountMinor: 2480n, currency: 'EUR' }
const checkoutWish = (more: Partial<CheckoutWish> = {}): CheckoutWish => ({
  ...amount,
  description: 'Invoice 2026/10/4',
  email: 'ada@example.com',
  returnUrl: 'https://example.com/paid',
  expiresAt: inAnHour(),
  saveCard: false,
  ...more,
})
const chargeWish = (card: { customerRef: string; cardRef: string }): ChargeWish => ({
  ...amount,
  description: 'Invoice 2026/10/5',
  ...card,
})
const begun = async () => {}

function checkoutTests(subject: Subject): void {
  test('is the same page for the same key', async () => {
    const { driver } = subject()
    const key = randomUUID()
    const wish = checkoutWish()
    const first = await driver.createCheckout(key, wish)
    expect(await driver.createCheckout(key, wish)).toEqual(first)
    expect((await driver.createCheckout(randomUUID(), wish)).id).not.toBe(first.id)
    expect(await driver.find(first.id)).toEqual({ state: 'pending' })
  })

  test('that was paid says how much, what it cost, and which card was kept', async () => {
    const { driver, payOn } = subject()
    const { id } = await driver.createCheckout(randomUUID(), checkoutWish({ saveCard: true }))
    payOn(id, 'good')
    const outcome = await driver.find(id)
    if (outcome.state !== 'paid') throw new Error(`it is ${outcome.state}`)
    const { payment } = outcome
    expect(payment).toMatchObject({ ...amount, refunds: [], disputes: [] })
    expect(payment.feeMinor).toBeGreaterThan(0n)
    expect(payment.card).toMatchObject({ last4: '4242', expires: '2031-12' })
    expect(await driver.find(payment.id)).toEqual(outcome)
    const kept = payment.card ?? { customerRef: '', cardRef: '' }
    expect(await driver.charge(randomUUID(), chargeWish(kept), begun)).toMatchObject({ state: 'paid' })
  })

  test('keeps no card unless it was wished', async () => {
    const { driver, payOn } = subject()
    const { id } = await driver.createCheckout(randomUUID(), checkoutWish())
    payOn(id, 'good')
    expect(await driver.find(id)).not.toHaveProperty('payment.card')
  })

  test('stays open when a card is declined', async () => {
    const { driver, payOn } = subject()
    const { id } = await driver.createCheckout(randomUUID(), checkoutWish())
    payOn(id, 'declined')
    expect(await driver.find(id)).toEqual({ state: 'pending' })
  })

  test('that was cancelled cannot be paid, and cancelling it again changes nothing', async () => {
    const { driver, payOn } = subject()
    const { id } = await driver.createCheckout(randomUUID(), checkoutWish())
    const outcome = await driver.cancel(id)
    expect(outcome).toMatchObject({ state: 'failed' })
    expect(await driver.cancel(id)).toEqual(outcome)
    expect(() => payOn(id, 'good')).toThrow()
  })

  test('that was paid says so when it is cancelled too late', async () => {
    const { driver, payOn } = subject()
    const { id } = await driver.createCheckout(randomUUID(), checkoutWish())
    payOn(id, 'good')
    expect(await driver.cancel(id)).toMatchObject({ state: 'paid' })
  })
}

function chargeTests(subject: Subject): void {
  test('is carried out once for each key', async () => {
    const { driver, keepCard, taken } = subject()
    const before = taken()
    const key = randomUUID()
    const wish = chargeWish(keepCard('good'))
    const outcomes = [await driver.charge(key, wish, begun), await driver.charge(key, wish, begun)]
    expect(outcomes[0]).toMatchObject({ state: 'paid', payment: amount })
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(taken()).toBe(before + 1)
  })

  test('is known by its id before money moves, and does not move any if that cannot be written down', async () => {
    const { driver, keepCard, taken } = subject()
    const before = taken()
    let known = ''
    const charging = driver.charge(randomUUID(), chargeWish(keepCard('good')), async id => {
      known = id
      throw new Error('the database is away')
    })
    await expect(charging).rejects.toThrow('the database is away')
    expect(taken()).toBe(before)
    expect(await driver.cancel(known)).toMatchObject({ state: 'failed' })
  })

  test('that the bank declines has failed, with the reason', async () => {
    const { driver, keepCard } = subject()
    const outcome = await driver.charge(randomUUID(), chargeWish(keepCard('declined')), begun)
    expect(outcome).toEqual({ state: 'failed', reason: 'insufficient_funds' })
  })

  test('of a card that was forgotten is refused, and forgetting twice is fine', async () => {
    const { driver, keepCard, taken } = subject()
    const card = keepCard('good')
    await driver.forgetCard(card.cardRef)
    await driver.forgetCard(card.cardRef)
    const before = taken()
    await expect(driver.charge(randomUUID(), chargeWish(card), begun)).rejects.toMatchObject({ kind: 'refused' })
    expect(taken()).toBe(before)
  })
}

function refundTests(subject: Subject): void {
  async function paid() {
    const { driver, keepCard } = subject()
    const outcome = await driver.charge(randomUUID(), chargeWish(keepCard('good')), begun)
    if (outcome.state !== 'paid') throw new Error(`it is ${outcome.state}`)
    return outcome.payment.id
  }

  test('is made once for each key, and shows in the payment', async () => {
    const { driver } = subject()
    const id = await paid()
    const key = randomUUID()
    const part = { amountMinor: 1000n, currency: 'EUR' }
    const refund = await driver.refund(key, id, part)
    expect(refund).toMatchObject({ ...part, key, state: 'succeeded' })
    expect(await driver.refund(key, id, part)).toEqual(refund)
    expect(await driver.find(id)).toMatchObject({ payment: { ...amount, refunds: [refund] } })
  })

  test('of more than was paid is refused', async () => {
    const id = await paid()
    const { driver } = subject()
    const tooMuch = driver.refund(randomUUID(), id, { amountMinor: 2481n, currency: 'EUR' })
    await expect(tooMuch).rejects.toMatchObject({ kind: 'refused' })
  })

  test('that the payer’s bank forced shows as a dispute', async () => {
    const { driver, dispute } = subject()
    const id = await paid()
    dispute(id)
    const outcome = await driver.find(id)
    expect(outcome).toMatchObject({ payment: { disputes: [{ ...amount, state: 'withdrawn' }] } })
  })
}

function deliveryTests(subject: Subject): void {
  test('names the checkout or charge that it is about, and the key', async () => {
    const { driver, payOn, deliveries, keepCard } = subject()
    const key = randomUUID()
    const { id } = await driver.createCheckout(key, checkoutWish())
    payOn(id, 'good')
    const charged = randomUUID()
    let chargeId = ''
    await driver.charge(charged, chargeWish(keepCard('good')), async known => {
      chargeId = known
    })
    const about = deliveries(new Date()).map(delivery => driver.readEvent(delivery).about)
    expect(about).toContainEqual({ id, key })
    expect(about).toContainEqual({ id: chargeId, key: charged })
  })

  test('is known by an id of its own', () => {
    const { driver, deliveries } = subject()
    const ids = deliveries(new Date()).map(delivery => driver.readEvent(delivery).id)
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is refused if it is forged, changed, unsigned, or signed long ago', () => {
    const { driver, deliveries } = subject()
    const now = new Date()
    const [good] = deliveries(now)
    const [forged] = deliveries(now, true)
    const [old] = deliveries(new Date(now.getTime() - 3_600_000))
    if (good === undefined || forged === undefined || old === undefined) throw new Error('nothing happened yet')
    const changed = { ...good, body: Buffer.from(`${good.body.toString().replace(/\d/, '9')} `) }
    const unsigned = { ...good, headers: {} }
    for (const delivery of [forged, { ...old, at: now }, changed, unsigned, { ...good, body: Buffer.alloc(0) }]) {
      expect(() => driver.readEvent(delivery)).toThrow(expect.objectContaining({ kind: 'refused' }))
    }
    expect(driver.readEvent(good).id).not.toBe('')
  })
}

function failureTests(subject: Subject): void {
  test.each([
    ['after', 'paid', 1],
    ['instead', 'failed', 0],
  ] as const)('%s the charge, cancelling it says that it is %s', async (when, state, more) => {
    const { driver, keepCard, silence, taken } = subject()
    const before = taken()
    silence(when)
    let known = ''
    const charging = driver.charge(randomUUID(), chargeWish(keepCard('good')), async id => {
      known = id
    })
    await expect(charging).rejects.toMatchObject({ kind: 'timeout' })
    expect(await driver.cancel(known)).toMatchObject({ state })
    expect(taken()).toBe(before + more)
  })

  test('because nobody is there, or the key is wrong, it says which', async () => {
    const { dead, stranger } = subject()
    await expect(dead.find('cs_1')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(stranger.find('cs_1')).rejects.toMatchObject({ kind: 'misconfigured' })
  })
}
