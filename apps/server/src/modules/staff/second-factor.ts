import type { App, Context } from '../../context.ts'
import { newTotpSecret, stepOf, totpUri } from '../sessions/index.ts'

// One purpose for all of them: the id is not known yet when the secret of a new member is sealed.
const purpose = 'staff.totp'

export interface NewSecondFactor {
  readonly secret: string
  readonly uri: string
  readonly sealed: Buffer
}

export function newSecondFactor(
  { secrets, config }: Pick<App, 'secrets' | 'config'>,
  email: string,
  secret = newTotpSecret(),
): NewSecondFactor {
  return { secret, uri: totpUri(secret, `${config.brandName} Staff`, email), sealed: secrets.encrypt(purpose, secret) }
}

/** The time step whose code this is; undefined if it is none. */
export function stepOfStaffCode(
  { secrets, clock }: Pick<Context, 'secrets' | 'clock'>,
  sealed: Buffer,
  code: string,
): number | undefined {
  return stepOf(clock, secrets.decrypt(purpose, sealed).toString(), code)
}
