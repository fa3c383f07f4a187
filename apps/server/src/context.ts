import type { Dialect, ProfileName, StaffRole } from '@innkeeper/contract'
import type { PaymentDriver } from '@innkeeper/drivers'
import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Db, Tx } from './db/database.ts'
import type { Notifications } from './db/notifications.ts'
import type { Metrics } from './metrics.ts'
import type { PrivilegeTree } from './privileges.ts'
import type { Secrets } from './secrets.ts'

/** What the whole process shares, made once by openApp (node.ts). */
export interface App {
  readonly config: Config
  readonly db: Db
  readonly notifications: Notifications
  readonly clock: Clock
  readonly secrets: Secrets
  /** The clock of money: days, periods, due dates. In test mode it can be moved, and then nobody is signed out. */
  readonly business: Clock
  /** What follows from what happens to an invoice; put together in effects.ts, so that billing knows none of it. */
  readonly effects: Effects
  /** The gateways that move money, by the driver's name; those that are configured. */
  readonly gateways: ReadonlyMap<string, PaymentDriver>
  readonly log: FastifyBaseLogger
  readonly metrics: Metrics
}

/** Each runs in the transaction of the cause, and does nothing the second time. */
export interface Effects {
  /** All of it is paid. */
  invoicePaid(ctx: Context, tx: Tx, invoice: PaidInvoice): Promise<void>
  /** Its payment was taken back: by a chargeback, or a bank that returned it. */
  invoiceReopened(ctx: Context, tx: Tx, invoice: PaidInvoice): Promise<void>
  /** It is void: nothing of it is owed or was ever bought. */
  invoiceCancelled(ctx: Context, tx: Tx, invoice: InvoiceRef): Promise<void>
  /** All of it was given back by a refund. */
  invoiceRefunded(ctx: Context, tx: Tx, invoice: InvoiceRef): Promise<void>
  /** A service runs for the first time, was stopped by staff, or runs again. */
  serviceTurned(ctx: Context, tx: Tx, service: ServiceTurn): Promise<void>
  /** The owner of an account moved, or has another VAT number. */
  buyerChanged(ctx: Context, tx: Tx, accountId: string): Promise<void>
  /** A VAT number is valid, and never was not: invoices may have been issued with tax while nobody could tell. */
  vatConfirmed(ctx: Context, tx: Tx, confirmed: VatConfirmed): Promise<void>
}
export interface ServiceTurn {
  readonly id: string
  readonly accountId: string
  /** What it is, for people: `Web hosting M www.example.com`. */
  readonly name: string
  readonly turn: 'active' | 'suspended' | 'unsuspended'
}
export interface VatConfirmed {
  readonly accountId: string
  /** As the buyers of invoices have it. */
  readonly vatNumber: string
}
export interface PaidInvoice extends InvoiceRef {
  /** Its owner had a letter about it before. */
  readonly wasTold: boolean
}
export interface InvoiceRef {
  readonly id: string
  readonly accountId: string
}

/** Who is signed in. `privileges` is what may be done now: the person's own, cut down to the token's scopes. */
export interface Identity {
  readonly accountId: string
  readonly profileId: string
  readonly email: string
  readonly owner: boolean
  readonly privileges: PrivilegeTree
  /** How the request proved it; a personal token cannot create others. */
  readonly via: 'session' | 'password' | 'token'
  readonly sessionId?: string
  readonly tokenId?: string
}

/** Who of the provider's own people is signed in. */
export interface StaffIdentity {
  readonly staffId: string
  readonly email: string
  readonly name: string
  readonly role: StaffRole
  /** Of the token: what its session is known by. */
  readonly sessionHash: Buffer
  readonly expiresAt: Date
}

/** First argument of every use case: one request, or one job. */
export interface Context extends App {
  readonly requestId: string
  /** Who acts where no customer is signed in: the operator at the command line, the system in a job, one of the staff. */
  readonly by?: { readonly name: string; readonly staffId?: string }
  /** Where the request came from; empty for jobs. */
  readonly address: string
  readonly userAgent: string
  readonly dialect: Dialect
  readonly profile: ProfileName
  /** The caller's If-Match as it was sent: a weak tag must not match (RFC 9110 §13.1.1), so nothing is cut off. */
  readonly ifMatch?: string
  /** The Idempotency-Key with whose it is: the same text for the same request sent again, and for no other's. */
  readonly idempotencyKey?: string
  /** Starts the transaction of this request, or gives the one already started. It commits after the handler returned. */
  begin(): Promise<Tx>
  /**
   * For a use case whose whole change is one statement: the database to run it on, where it commits by itself and so
   * spares two round trips. Undefined once a transaction is open; an Idempotency-Key opens one.
   */
  alone(): Db | undefined
  /** Runs once the transaction is committed; never when it is rolled back. Must not throw. */
  afterCommit(action: () => void): void
  /** Sets a header of the answer (ETag, for one). */
  setHeader(name: string, value: string): void
}

/** The context of an operation that needs an identity. */
export interface SignedInContext extends Context {
  readonly identity: Identity
}

/** The context of an operation that needs somebody of the staff. */
export interface StaffContext extends Context {
  readonly staff: StaffIdentity
  readonly by: { readonly name: string; readonly staffId: string }
}
