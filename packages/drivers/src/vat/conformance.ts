import { expect, onTestFinished, test } from 'vitest'
import type { VatDriver, VatNumber } from './driver.ts'

/** A driver together with numbers of which it is known what the register says. */
export interface VatRig {
  readonly driver: VatDriver
  readonly valid: VatNumber
  readonly invalid: VatNumber
  /** The register cannot say. */
  readonly unknown: VatNumber
  /** A number whose answer does not come. */
  readonly silent: VatNumber
  close(): Promise<void>
}

/** What every driver promises that checks VAT numbers. Call it in a describe(). */
export function vatDriverSuite(open: () => Promise<VatRig>): void {
  const rig = async () => {
    const opened = await open()
    onTestFinished(() => opened.close())
    return opened
  }

  test('a registered number is valid, with the proof that it was asked', async () => {
    const { driver, valid } = await rig()
    const answer = await driver.check(valid)
    expect(answer).toMatchObject({ state: 'valid', consultationNumber: expect.stringMatching(/^\S+$/) })
  })

  test('one that is not registered is invalid', async () => {
    const { driver, invalid } = await rig()
    expect(await driver.check(invalid)).toMatchObject({ state: 'invalid' })
  })

  test('trouble of the register is no answer', async () => {
    const { driver, unknown } = await rig()
    expect(await driver.check(unknown)).toMatchObject({ state: 'unknown', message: expect.stringMatching(/.+/) })
  })

  test('who waits too long knows nothing', async () => {
    const { driver, silent } = await rig()
    expect(await driver.check(silent)).toMatchObject({ state: 'unknown', error: 'TIMEOUT' })
  })

  test('many questions at once get each its own answer', async () => {
    const { driver, valid, invalid } = await rig()
    const asked = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? invalid : valid))
    const answers = await Promise.all(asked.map(number => driver.check(number)))
    expect(answers.map(({ state }) => state)).toEqual(asked.map(one => (one === valid ? 'valid' : 'invalid')))
  })

  test('a closed driver knows nothing', async () => {
    const { driver, valid } = await rig()
    await driver.close()
    expect(await driver.check(valid)).toMatchObject({ state: 'unknown' })
  })
}
