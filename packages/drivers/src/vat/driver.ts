/** A VAT number of the EU as its registers have it. */
export interface VatNumber {
  /** Of the state that gave it; `EL` for Greece, `XI` for Northern Ireland. */
  readonly prefix: string
  /** What follows the prefix, without separators. */
  readonly number: string
}

/** Why nobody can say whether a number is registered, by the names that VIES has for it. */
export const vatCheckErrors = [
  'INVALID_INPUT',
  'INVALID_REQUESTER_INFO',
  'SERVICE_UNAVAILABLE',
  'MS_UNAVAILABLE',
  'TIMEOUT',
  'VAT_BLOCKED',
  'IP_BLOCKED',
  'GLOBAL_MAX_CONCURRENT_REQ',
  'GLOBAL_MAX_CONCURRENT_REQ_TIME',
  'MS_MAX_CONCURRENT_REQ',
  'MS_MAX_CONCURRENT_REQ_TIME',
] as const
/** One of {@link vatCheckErrors}. */
export type VatCheckError = (typeof vatCheckErrors)[number]

/** What the register says. Only `valid` and `invalid` are answers; `unknown` is to be asked again later. */
export type VatAnswer =
  | {
      readonly state: 'valid'
      /** As registered; absent where the state does not tell. */
      readonly name?: string
      /** In lines; absent where the state does not tell. */
      readonly address?: string
      /** Proof that it was asked, for the tax office; given to those who name themselves. */
      readonly consultationNumber?: string
    }
  | { readonly state: 'invalid'; readonly consultationNumber?: string }
  | {
      readonly state: 'unknown'
      readonly error: VatCheckError
      /** A sentence for the log. */
      readonly message: string
    }

/** Whoever knows which VAT numbers are registered. */
export interface VatDriver {
  /** Short name, `vies`. */
  readonly name: string
  /** Never throws: trouble of whatever kind is an answer, `unknown`. */
  check(number: VatNumber): Promise<VatAnswer>
  /** Ends what is being asked: as `unknown`. */
  close(): Promise<void>
}
