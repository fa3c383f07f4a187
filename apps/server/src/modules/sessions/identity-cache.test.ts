import { beforeEach, expect, test } from 'vitest'
import type { Notifications } from '../../db/notifications.ts'
import { ownerPrivileges } from '../../privileges.ts'
import { IdentityCache, type Verified } from './identity-cache.ts'

let isConnected = true
const notifications: Notifications = {
  listen: async () => {},
  onGap: () => {},
  deliver: () => {},
  connected: () => isConnected,
  close: async () => {},
}
let cache: IdentityCache
beforeEach(() => {
  isConnected = true
  cache = new IdentityCache(notifications, 3)
})

function verified(profileId: string): Verified {
  return {
    identity: {
      accountId: `a${profileId}`,
      profileId,
      email: 'ada@example.com',
      owner: true,
      privileges: ownerPrivileges,
      via: 'session',
      sessionId: `s${profileId}`,
    },
    expiresAt: 1000,
    allowed: [],
    usedAt: 0,
  }
}
const add = (id: string) => cache.build(id, '192.0.2.1', async () => verified(id))

test('what was verified is found until it expires', async () => {
  await add('1')
  expect(cache.get('1', 999)?.identity.profileId).toBe('1')
  expect(cache.get('1', 1000)).toBeUndefined()
})

test('concurrent verifications of one credential are one', async () => {
  let times = 0
  const verify = async () => {
    times++
    await new Promise(setImmediate)
    return verified('1')
  }
  await Promise.all(Array.from({ length: 50 }, () => cache.build('1', '192.0.2.1', verify)))
  expect(times).toBe(1)
})

test('a failed verification is not kept', async () => {
  await expect(cache.build('1', '192.0.2.1', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await add('1')
  expect(cache.get('1', 0)).toBeDefined()
})

test.each(['account:a1', 'login:1', 'session:s1'])('%s drops what it names and nothing else', async payload => {
  await add('1')
  await add('2')
  cache.drop(payload)
  expect([cache.get('1', 0), cache.get('2', 0)?.identity.profileId]).toEqual([undefined, '2'])
})

test('a revocation that arrives while its identity is being verified wins', async () => {
  let finish: (value: Verified) => void = () => {}
  const building = cache.build('1', '192.0.2.1', () => new Promise(resolve => (finish = resolve)))
  cache.drop('session:s1')
  finish(verified('1'))
  await building
  expect(cache.get('1', 0)).toBeUndefined()
})

test('a request after a revocation does not join a verification that began before it', async () => {
  let finish: (value: Verified) => void = () => {}
  const before = cache.build('1', '192.0.2.1', () => new Promise(resolve => (finish = resolve)))
  cache.drop('session:s1')
  await expect(cache.build('1', '192.0.2.1', () => Promise.reject(new Error('revoked')))).rejects.toThrow('revoked')
  finish(verified('1'))
  await before
})

test('while notifications may be missed nothing is believed and nothing is kept', async () => {
  await add('1')
  isConnected = false
  expect(cache.get('1', 0)).toBeUndefined()
  await add('2')
  isConnected = true
  expect(cache.get('2', 0)).toBeUndefined()
})

test('the least recently used leaves first', async () => {
  for (const id of ['1', '2', '3']) await add(id)
  cache.get('1', 0)
  await add('4')
  expect(cache.size).toBe(3)
  expect(['1', '2', '3', '4'].filter(id => cache.get(id, 0) !== undefined)).toEqual(['1', '3', '4'])
})

test('keys do not show the credential, and another process makes others', () => {
  const key = cache.keyOf('Basic YWRhOnNlY3JldA==')
  expect(key).toBe(cache.keyOf('Basic YWRhOnNlY3JldA=='))
  expect(key).not.toContain('YWRhOnNlY3JldA')
  expect(new IdentityCache(notifications).keyOf('Basic YWRhOnNlY3JldA==')).not.toBe(key)
})
