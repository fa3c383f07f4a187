import { Secret } from 'otpauth'
import type { Context, Identity } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { announce } from './announce.ts'
import { updateTotp } from './mfa-store.ts'
import type { Whose } from './set-password.ts'
import { stepOf } from './totp.ts'

/** A secret is base32, as authenticator apps show it. */
export type SecondFactorChange = { readonly on: true; readonly secret: string } | { readonly on: false }

type Changing = Pick<Context, 'secrets' | 'clock' | 'address' | 'requestId' | 'afterCommit' | 'notifications'> & {
  readonly identity?: Identity
}

/** Turns TOTP (RFC 6238) on or off for a profile that can sign in. Cached passwords stop being enough on every node. */
export async function changeSecondFactor(
  ctx: Changing,
  tx: Tx,
  { accountId, profileId }: Whose,
  change: SecondFactorChange,
): Promise<void> {
  const secret = change.on ? sealSecret(ctx, profileId, change.secret) : null
  if (!(await updateTotp(tx, accountId, profileId, secret))) throw notFound()
  await announce(tx, `login:${profileId}`, ctx)
  await audit(ctx, tx, {
    event: change.on ? 'auth.mfa_enabled' : 'auth.mfa_disabled',
    description: change.on ? 'Second factor turned on' : 'Second factor turned off',
    detail: { profile: profileId },
    accountId,
  })
}

/** The time step whose code this is, one step early or late included; undefined if it is none. */
export function stepOfCode(
  { secrets, clock }: Pick<Context, 'secrets' | 'clock'>,
  profileId: string,
  sealed: Buffer,
  code: string,
): number | undefined {
  return stepOf(clock, secrets.decrypt(purpose(profileId), sealed).toString(), code)
}

function sealSecret({ secrets }: Pick<Context, 'secrets'>, profileId: string, base32: string): Buffer {
  return secrets.encrypt(purpose(profileId), Secret.fromBase32(base32).base32) // read once, so that what is stored can be
}

function purpose(profileId: string): string {
  return `login.totp:${profileId}`
}
