/** What the lines so far have taken, so that two lines of one cart do not both get the last of something. */
export interface Taken {
  readonly stock: Map<string, number>
  readonly names: Set<string>
  /** Domains that are renewed. */
  readonly renewed: Set<string>
}
