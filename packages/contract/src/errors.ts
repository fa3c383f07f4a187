/** An error the User API can answer with. The list is closed: a test holds it equal to spec/errors.md and to the code. */
export interface ErrorEntry {
  /** HTTP status in the `documented` dialect. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504
  readonly meaning: string
  /** What the caller can do about it. */
  readonly remedy: string
}

/** The closed list, by code. */
export const errors = {
  bad_request: { status: 400, meaning: 'The request cannot be read.', remedy: 'Send well-formed JSON or form fields.' },
  wronglogin: {
    status: 401,
    meaning: 'Unknown user or wrong password.',
    remedy: 'Check both; reset the password if lost.',
  },
  unauthorized: {
    status: 401,
    meaning: 'Not signed in, or the token is bad, expired or revoked.',
    remedy: 'Sign in again.',
  },
  forbidden: {
    status: 403,
    meaning: 'The identity lacks the privilege for this.',
    remedy: 'Ask the account owner for it.',
  },
  'invalid method': {
    status: 404,
    meaning: 'No such operation here, or not for this service.',
    remedy: 'See the reference page for the operations served.',
  },
  not_found: {
    status: 404,
    meaning: 'It does not exist, or belongs to somebody else.',
    remedy: 'Check the id with the list operation.',
  },
  conflict: {
    status: 409,
    meaning: 'The state of the thing does not allow this.',
    remedy: 'Read it again and decide anew.',
  },
  idempotency_in_flight: {
    status: 409,
    meaning: 'A request with this Idempotency-Key is still running.',
    remedy: 'Wait, then send it again with the same key.',
  },
  precondition_failed: {
    status: 412,
    meaning: 'If-Match names an older version.',
    remedy: 'Read the current version, apply the change to it.',
  },
  body_too_large: {
    status: 413,
    meaning: 'The body is over the limit.',
    remedy: 'Send less than 1 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    meaning: 'The body is of a type that is not read.',
    remedy: 'Send JSON, a form or multipart.',
  },
  idempotency_key_reused: {
    status: 422,
    meaning: 'This Idempotency-Key was used for another request.',
    remedy: 'Use a new key for each intent.',
  },
  field_empty_error: {
    status: 422,
    meaning: 'A required field is missing or empty.',
    remedy: 'See `fields` for which.',
  },
  field_format_error: { status: 422, meaning: 'A field has the wrong form.', remedy: 'See `fields` for which.' },
  rate_limited: { status: 429, meaning: 'Too many requests.', remedy: 'Wait for the seconds in Retry-After.' },
  internal_error: {
    status: 500,
    meaning: 'Something failed on our side.',
    remedy: 'Try again; report the X-Request-Id if it stays.',
  },
  temporarily_unavailable: {
    status: 503,
    meaning: 'The database is away for a moment; whether the change was made is not certain.',
    remedy: 'Wait for the seconds in Retry-After, then send it again with the same Idempotency-Key.',
  },
  upstream_error: { status: 502, meaning: 'A system behind this one refused.', remedy: 'Try again later.' },
  upstream_timeout: {
    status: 504,
    meaning: 'A system behind this one did not answer in time.',
    remedy: 'Try again later.',
  },

  useralreadyexistsemail_error: {
    status: 409,
    meaning: 'The e-mail address is in use.',
    remedy: 'Sign in with it, or use another.',
  },
  passistooshort: { status: 422, meaning: 'The password is too short.', remedy: 'Use at least 8 characters.' },
  privileges_exceeded: {
    status: 403,
    meaning: 'Nobody grants more than they have.',
    remedy: 'Grant a subset of your own privileges.',
  },
  ipaccess_lockout: {
    status: 409,
    meaning: 'The list of addresses does not hold the one this request comes from.',
    remedy: 'Add your address, or send `force` to shut yourself out.',
  },
  mfa_invalid_code: { status: 401, meaning: 'The one-time code is wrong or used.', remedy: 'Send the current code.' },

  payment_in_progress: {
    status: 409,
    meaning: 'It is being paid already, and what came of that is not known yet.',
    remedy: 'Wait for the seconds in Retry-After, then read the invoice.',
  },
  insufficient_credit: {
    status: 409,
    meaning: 'There is not enough credit.',
    remedy: 'Add funds, or choose another way to pay.',
  },
  renewnotavailable: {
    status: 409,
    meaning: 'It cannot be renewed now, or not for so long.',
    remedy: 'See when it ends and how long it may be renewed for.',
  },
  coupon_not_exist: {
    status: 422,
    meaning: 'The discount code is unknown, used up or over.',
    remedy: 'Order without it, or with another.',
  },
  cancelled_already: {
    status: 409,
    meaning: 'The end of this service was asked for already.',
    remedy: 'Nothing; it ends as asked for first.',
  },
  empty_reason: { status: 422, meaning: 'No reason was given.', remedy: 'Send a few words in `reason`.' },
  invalid_template: {
    status: 422,
    meaning: 'The template does not exist, or does not fit this VM.',
    remedy: 'Choose one of the list of templates.',
  },
  invalid_hostname: {
    status: 422,
    meaning: 'Not a host name.',
    remedy: 'Letters, digits and hyphens, labels of at most 63.',
  },

  domain_already_exist: {
    status: 409,
    meaning: 'The domain is registered or ordered already.',
    remedy: 'Transfer it if it is yours, or choose another name.',
  },
  domain_format_error: {
    status: 422,
    meaning: 'Not a domain name that can be registered here.',
    remedy: 'Send the whole name, under a TLD of the list.',
  },
  epp_code_error: {
    status: 422,
    meaning: 'The transfer code is missing or wrong, or cannot be had.',
    remedy: 'Get the present code from the registrar that holds the domain.',
  },

  empty_subject_line: { status: 422, meaning: 'The ticket has no subject.', remedy: 'Send a `subject`.' },
  empty_message: { status: 422, meaning: 'The message is empty.', remedy: 'Send some text.' },
  cantreopen: {
    status: 409,
    meaning: 'The ticket stays closed.',
    remedy: 'Open a new ticket and name the old one in it.',
  },

  dnszonetaken: {
    status: 409,
    meaning: 'The zone, or one above or below it, belongs to somebody.',
    remedy: 'Choose another name or ask support.',
  },
  dnsdomain_exists: { status: 409, meaning: 'You have this zone already.', remedy: 'Change the existing zone.' },
  dnszone_limit: {
    status: 409,
    meaning: 'The service holds as many zones as it may.',
    remedy: 'Delete one or upgrade the service.',
  },
  dnsnotvalidtype: { status: 422, meaning: 'The record type is not served.', remedy: 'See the types of the zone.' },
  dnserrip: { status: 422, meaning: 'Not an IP address.', remedy: 'Send an IPv4 or IPv6 address.' },
  dnserripv4: {
    status: 422,
    meaning: 'Not an IPv4 address.',
    remedy: 'Send four decimal numbers, without leading zeros.',
  },
  dnserripv6: { status: 422, meaning: 'Not an IPv6 address.', remedy: 'Send it as RFC 4291 says, without a zone id.' },
  dnserrhostname: {
    status: 422,
    meaning: 'Not a host name.',
    remedy: 'Letters, digits and hyphens, labels of at most 63.',
  },
  dnserrcname: {
    status: 422,
    meaning: 'A CNAME cannot stand here.',
    remedy: 'A CNAME is alone at its name and never at the apex.',
  },
  dnserrcname_exists: {
    status: 422,
    meaning: 'There is a CNAME at this name.',
    remedy: 'Remove it, or use another name.',
  },
  dnserrinv_ttl: { status: 422, meaning: 'The TTL is out of range.', remedy: 'See the limits of the zone.' },
  dnserrinv_prio: {
    status: 422,
    meaning: 'The priority is not 0 to 65535.',
    remedy: 'Send a whole number in the range.',
  },
  dnserrmx_prio: {
    status: 422,
    meaning: 'The MX preference is not 0 to 65535.',
    remedy: 'Send a whole number in the range.',
  },
  dnserrns_hname: {
    status: 422,
    meaning: 'The NS target is not a host name.',
    remedy: 'Send a host name, not an address.',
  },
  dnserrsrv_name: {
    status: 422,
    meaning: 'The owner of an SRV record is not _service._proto.',
    remedy: 'Name it like _sip._tcp.',
  },
  dnserrsrv_trgt: {
    status: 422,
    meaning: 'The SRV target is not a host name.',
    remedy: 'Send a host name, or . for none.',
  },
  dnserrsrv_port: {
    status: 422,
    meaning: 'The SRV port is not 0 to 65535.',
    remedy: 'Send a whole number in the range.',
  },
  dnserrsrv_wght: {
    status: 422,
    meaning: 'The SRV weight is not 0 to 65535.',
    remedy: 'Send a whole number in the range.',
  },
  dnserrcontent: {
    status: 422,
    meaning: 'The content does not fit the record type.',
    remedy: 'See the type in the reference.',
  },
  dnserrrr_type: {
    status: 422,
    meaning: 'Records of this type cannot stand here.',
    remedy: 'See the rules of the type.',
  },
} as const satisfies Record<string, ErrorEntry>

/** A code of the list; nothing else is ever in `error` but the arguments of a code. */
export type ErrorCode = keyof typeof errors

/** Codes any operation may answer with. */
export const errorsOfEvery: readonly ErrorCode[] = [
  'bad_request',
  'unauthorized',
  'invalid method',
  'body_too_large',
  'unsupported_media_type',
  'field_empty_error',
  'field_format_error',
  'rate_limited',
  'internal_error',
  'temporarily_unavailable',
]
