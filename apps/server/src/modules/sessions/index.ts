export { identityChanged } from './announce.ts'
export {
  personalTokenPrefix,
  verifyAccessToken,
  verifyPassword,
  verifyPersonalToken,
} from './identities.ts'
export type { Verified } from './identity-cache.ts'
export { sessionSchedules } from './jobs.ts'
export { rotateKeys } from './keyring.ts'
export { hashPassword, isPassword, passwordSlot } from './password.ts'
export { authHandlers, signInExtensions } from './routes.ts'
export { changeSecondFactor, type SecondFactorChange } from './second-factor.ts'
export { openSessions, type Sessions } from './sessions.ts'
export { setPasswordHash } from './set-password.ts'
export { codeBucket, limitAttempts, limitSignups, networkOf, takeAttempt } from './throttle.ts'
export { newTotpSecret, stepOf, totpUri } from './totp.ts'
export { isAllowedFrom, noteUse } from './use.ts'
