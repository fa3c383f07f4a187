import { expect, test } from 'vitest'
import { type Handlers, implement, type ModuleHandlers } from './implement.ts'

const auth: ModuleHandlers<'auth'> = {
  login: async () => ({ token: 'access', refresh: 'refresh' }),
  logout: async () => ({ status: true }),
  refreshToken: async () => ({ token: 'access', refresh: 'refresh' }),
  revokeToken: async () => ({ status: true }),
}
const { revokeToken: _, ...withoutRevoke } = auth

// The type check is the test here: it fails where one of these lines compiles.
// @ts-expect-error a handler is missing
const missing: ModuleHandlers<'auth'> = withoutRevoke
// @ts-expect-error there is no such operation
const superfluous: ModuleHandlers<'auth'> = { ...auth, forgetToken: async () => ({}) }
// @ts-expect-error the reply has another type
const wrongReply: ModuleHandlers<'auth'> = { ...auth, logout: async () => ({ status: 'yes' }) }
const wrongInput: ModuleHandlers<'auth'> = {
  ...auth,
  // @ts-expect-error the operation has no such field
  revokeToken: async (_ctx, { token: _token }) => ({ status: true }),
}

test('a handler that is missing, superfluous or mistyped does not compile, and a missing one stops the start', () => {
  for (const handlers of [missing, superfluous, wrongReply, wrongInput]) expect(handlers.login).toBe(auth.login)
  expect(() => implement({ auth: missing } as unknown as Handlers)).toThrow('auth.revokeToken has no handler') // on purpose
})
