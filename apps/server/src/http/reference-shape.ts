import type { AuthScheme } from '@innkeeper/contract'

/** A reference page and the documents it shows. */
export interface Reference {
  /** Where the page is; its documents and its start script stand below it. */
  readonly page: string
  /** Of what: `User API`. */
  readonly title: string
  /** Where "try it" sends requests, below where the page came from. */
  readonly apiPath: string
  readonly scheme: AuthScheme
  readonly documents: readonly ReferenceDocument[]
  /** The documents as JSON, by name. */
  render(): Promise<Readonly<Record<string, string>>>
}

export interface ReferenceDocument {
  readonly name: string
  /** Of its download. */
  readonly label: string
  /** As the page shows it; absent: only to be downloaded. */
  readonly shown?: { readonly title: string; readonly slug: string }
}
