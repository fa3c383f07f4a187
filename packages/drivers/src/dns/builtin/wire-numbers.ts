import type { RecordType } from '../records/types.ts'

/** Type numbers of the records we serve (IANA DNS parameters). */
export const typeNumbers: Readonly<Record<RecordType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  DS: 43,
  SSHFP: 44,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  CAA: 257,
}

/** Types of questions and of the records that the server makes itself. */
export const questionTypes = { SOA: 6, OPT: 41, IXFR: 251, AXFR: 252, ANY: 255 } as const

export const classIn = 1
export const classAny = 255

/** RFC 1035 §4.1.1, RFC 6891 §9. */
export const responseCodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const

export const opcodes = { query: 0, notify: 4 } as const
