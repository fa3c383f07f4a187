/**
 * The numbers of all our advisory locks, in one place so that no two uses meet; the next use takes the next number.
 * Idempotency keys are locked by a hash of 64 bits of their own (http/idempotency.ts).
 */
export const locks = {
  /** Shared by every process that uses the embedded server. */
  embeddedServer: 7_405_512,
  migrations: 7_405_513,
  signingKeys: 7_405_514,
  /** First of two keys; the second is the hash of the worker's name. */
  workers: 7_405_516,
  /** Seed of the hash of a zone's name (hashtextextended). */
  zoneNames: 7_405_517,
  /** Seed of the hash of what a node leads in. */
  leadership: 7_405_518,
  /** Held while a catalogue is imported. */
  catalogue: 7_405_521,
  /** Seed of the hash of a domain's name while it is ordered. */
  domainNames: 7_405_519,
  /** Seed of the hash of the name of a simulation's database. */
  simulations: 7_405_522,
} as const
