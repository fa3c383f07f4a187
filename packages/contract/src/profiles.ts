/** The five published documents of this API; each operation carries the letters of those that have it. */
export const documents = {
  I: 'intermax',
  P: 'internetport',
  D: 'dns-services',
  X: 'primexm',
  S: 'primexm-swagger',
} as const
/** Stands for one of the published {@link documents}. */
export type Letter = keyof typeof documents

/** Ways to present an identity: `Authorization: Bearer` (RFC 6750) or `Basic` (RFC 7617). */
export type AuthScheme = 'bearer' | 'basic'

/** What a brand serves. */
export interface Profile {
  /** Which published documents it unites. */
  readonly documents: readonly Letter[]
  readonly schemes: readonly AuthScheme[]
  readonly title: string
}

/** A brand serves one profile: which operations exist, which sign-in is taken, what the documents show. */
export const profiles = {
  'dns-only': { documents: ['I'], schemes: ['bearer', 'basic'], title: 'DNS only' },
  hosting: { documents: ['P'], schemes: ['basic'], title: 'Hosting' },
  registrar: { documents: ['D'], schemes: ['bearer', 'basic'], title: 'Registrar' },
  account: { documents: ['S', 'X'], schemes: ['bearer'], title: 'Account' },
  full: { documents: ['I', 'P', 'D', 'X', 'S'], schemes: ['bearer', 'basic'], title: 'Everything' },
} as const satisfies Record<string, Profile>
/** How the configuration names a profile. */
export type ProfileName = keyof typeof profiles
/** All of them, in the order of {@link profiles}. */
export const profileNames = Object.keys(profiles) as ProfileName[] // the keys of a constant

/** Two kinds of client exist in the field; a brand picks the answers one of them expects (docs/wire.md). */
export const dialects = ['documented', 'recorded'] as const
/** How a brand answers; what differs stands in docs/wire.md. */
export type Dialect = (typeof dialects)[number]

/** Whether a profile has an operation. Extensions of ours (no letters) exist in every profile. */
export function inProfile(operation: { readonly documents: readonly Letter[] }, profile: ProfileName): boolean {
  const united: readonly Letter[] = profiles[profile].documents
  return operation.documents.length === 0 || operation.documents.some(letter => united.includes(letter))
}
