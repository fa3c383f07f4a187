import { Secret, TOTP } from 'otpauth'
import type { Clock } from '../../clock.ts'

const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/** The time step whose TOTP code (RFC 6238) this is, one step early or late included; undefined if it is none. */
export function stepOf(clock: Clock, base32: string, code: string): number | undefined {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = clock.now().getTime()
  const delta = TOTP.validate({ token, secret: Secret.fromBase32(base32), ...form, timestamp, window: 1 })
  return delta === null ? undefined : TOTP.counter({ period: form.period, timestamp }) + delta
}

/** A new secret in base32: 160 bits, as RFC 4226 section 4 wants. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an authenticator reads as a picture or link. */
export function totpUri(base32: string, issuer: string, label: string): string {
  return new TOTP({ secret: Secret.fromBase32(base32), ...form, issuer, label }).toString()
}
