/** Types a name server serves. */
export const recordTypes = [
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'TXT',
  'SRV',
  'CAA',
  'PTR',
  'TLSA',
  'SSHFP',
  'NAPTR',
  'SVCB',
  'HTTPS',
  'DS',
  'LOC',
] as const
/** A type that a name server serves. */
export type RecordType = (typeof recordTypes)[number]

/** Types that customers write and that become real records when the zone is published. */
export const pseudoTypes = ['URL', 'FRAME', 'MXE'] as const
/** A type of ours that no name server knows. */
export type PseudoType = (typeof pseudoTypes)[number]

/** Any type that a customer may write. */
export type CustomerType = RecordType | PseudoType

/** A record as the database keeps it and customers edit it. */
export interface StoredRecord {
  /** Full name, lower case, A-labels, no trailing dot. */
  readonly name: string
  readonly type: CustomerType
  readonly ttlSeconds: number
  /** MX and SRV; 0 elsewhere. */
  readonly priority: number
  /** Canonical: without the priority of MX and SRV, host names without trailing dot (the root is `.`). */
  readonly content: string
}

/** Why a record or a zone cannot be; the server turns each into an error code of its contract. */
export type Problem =
  | 'type'
  | 'name'
  | 'ttl'
  | 'priority'
  | 'mx_priority'
  | 'ip'
  | 'ipv4'
  | 'ipv6'
  | 'hostname'
  | 'ns_target'
  | 'srv_name'
  | 'srv_target'
  | 'srv_port'
  | 'srv_weight'
  | 'content'
  | 'cname_not_alone'
  | 'cname_exists'
  | 'cname_at_apex'
  | 'duplicate'
  | 'ttl_differs'
  | 'wrong_place'
  | 'rrset_too_large'
  | 'glue_missing'
  | 'null_mx_not_alone'

/** What is wrong with a record or zone, and where. */
export interface Finding {
  readonly problem: Problem
  /** The input at fault, as customers name it. */
  readonly field: 'name' | 'type' | 'ttl' | 'priority' | 'content'
  /** A sentence for people and logs. */
  readonly detail: string
  /** The record or zone can be, though it is likely not meant so; never a reason to refuse. */
  readonly warning?: true
}
