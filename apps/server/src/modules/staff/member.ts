import type { StaffRole } from '@innkeeper/contract'

/** Somebody of the staff. */
export interface Member {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: StaffRole
  /** Whether a second factor is set up. */
  readonly secondFactor: boolean
  readonly createdAt: Date
  readonly lastLoginAt: Date | null
  readonly disabledAt: Date | null
}

/** What somebody signs in with for the first time; shown once. */
export interface FirstSignIn {
  readonly password: string
  readonly totpUri: string
}
