import { expect, test } from 'vitest'
import { hashPassword, passwordSlot } from './password.ts'

test('a flood of new passwords leaves room for those who sign in', async () => {
  const flood = Promise.allSettled(Array.from({ length: 200 }, () => hashPassword('a long password')))
  await expect(passwordSlot(async () => 'signed in')).resolves.toBe('signed in')
  const refused = (await flood).filter(result => result.status === 'rejected')
  expect(refused.map(({ reason }) => reason)).toEqual(
    refused.map(() => expect.objectContaining({ code: 'rate_limited' })),
  )
  expect(refused.length).toBeGreaterThan(100)
})
