import type { ModuleHandlers } from '../../http/implement.ts'
import { parsePrivileges } from '../../privileges.ts'
import { wirePrivileges } from '../../wire-privileges.ts'
import { wireDateTime } from '../../wire-time.ts'
import { selectAllowedAddresses } from './accounts-store.ts'
import { createToken } from './create-token.ts'
import { deleteToken } from './delete-token.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { refreshSession } from './refresh-session.ts'
import { restrictAddresses } from './restrict-addresses.ts'
import { revokeRefreshToken } from './revoke-refresh-token.ts'
import type { Sessions } from './sessions.ts'
import { selectTokens } from './tokens-store.ts'
import { verifyCode } from './verify-code.ts'

export function authHandlers({ keyring }: Sessions): ModuleHandlers<'auth'> {
  return {
    async login(ctx, { username, password }) {
      const signedIn = await logIn(ctx, keyring, username, password)
      if (!('challenge' in signedIn)) return signedIn
      const { token, expiresAt } = signedIn.challenge
      const expires_at = wireDateTime(expiresAt, ctx.config.timeZone)
      return { token: null, mfa: { token, methods: ['totp'], expires_at } }
    },
    async logout(ctx) {
      await logOut(ctx)
      return { status: true }
    },
    refreshToken: (ctx, input) => refreshSession(ctx, keyring, input.refresh_token),
    async revokeToken(ctx, input) {
      await revokeRefreshToken(ctx, input.refresh_token)
      return { status: true }
    },
  }
}

type SignInExtensions = Pick<
  ModuleHandlers<'extensions'>,
  'verifyMfa' | 'createToken' | 'listTokens' | 'deleteToken' | 'getIpAccess' | 'updateIpAccess'
>

/** The extensions that are about signing in. */
export function signInExtensions({ keyring }: Sessions): SignInExtensions {
  return {
    verifyMfa: (ctx, { token, code }) => verifyCode(ctx, keyring, token, code),
    async createToken(ctx, input) {
      const { id, secret } = await createToken(ctx, input)
      return { token: secret, id, info: ['token_added'] }
    },
    async listTokens(ctx) {
      const { accountId, profileId, privileges } = ctx.identity
      const rows = await selectTokens(ctx.db, accountId, profileId)
      return {
        tokens: rows.map(row => ({
          id: row.id,
          name: row.name,
          scopes: wirePrivileges(row.scopes === null ? privileges : (parsePrivileges(row.scopes) ?? {})),
          allowed_addresses: row.allowed_addresses,
          date_created: wireDateTime(row.created_at, ctx.config.timeZone),
          expires_at: wireDateTime(row.expires_at, ctx.config.timeZone),
          last_used: wireDateTime(row.last_used_at, ctx.config.timeZone),
        })),
      }
    },
    async deleteToken(ctx, { id }) {
      await deleteToken(ctx, id)
      return { status: true }
    },
    async getIpAccess(ctx) {
      return { allowed_addresses: await selectAllowedAddresses(ctx.db, ctx.identity.accountId) }
    },
    async updateIpAccess(ctx, { allowed_addresses, force }) {
      const networks = await restrictAddresses(ctx, allowed_addresses, force ?? false)
      return { allowed_addresses: networks, info: ['success_changes_save'] }
    },
  }
}
