/** A driver as data: the admin form, the docs page and the registry of drivers are made from it. */
export interface DriverDescription<OptionName extends string = string> {
  /** As the configuration calls it. */
  readonly name: string
  readonly title: string
  readonly options: readonly DriverOption<OptionName>[]
  /** What it can do beyond what every driver of its kind can. */
  readonly capabilities: readonly string[]
  /** How the other system has to be set up. */
  readonly settings?: readonly { readonly name: string; readonly value: string; readonly why: string }[]
  /** What the other system cannot do that others of its kind can; sentences. */
  readonly limits?: readonly string[]
  /** Where the protocol or the other system is documented. */
  readonly links: readonly string[]
}

/** One option of a driver. */
export interface DriverOption<Name extends string = string> {
  readonly name: Name
  readonly type: string
  /** Without one the option must be given. */
  readonly default?: string | number | boolean | readonly string[]
  /** Never shown again and never logged. */
  readonly secret?: boolean
  /** A sentence. */
  readonly help: string
}
