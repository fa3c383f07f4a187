import type { SignedInContext } from '../../context.ts'
import { Refusal } from '../../refusal.ts'

/** What opens a contact, of what was sent. */
interface SentKeys {
  readonly email?: string | undefined
  readonly password?: string | undefined
  readonly '2faenable'?: string | undefined
}

/**
 * A personal token gives nobody a way to sign in: whoever stole it would have one that stays when it is revoked. So it
 * adds contacts without a password, and changes what does not open them. A new address opens one by a password reset.
 */
export function refuseSignInByToken({ identity }: SignedInContext, sent: SentKeys, change = false): void {
  if (identity.via !== 'token') return
  const opens = [sent.password, sent['2faenable'], change ? sent.email : undefined]
  if (opens.some(value => value !== undefined && value !== '')) throw new Refusal('forbidden')
}
