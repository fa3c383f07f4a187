import { type LoadedConfig, loadConfig } from '../load-config.ts'

/** A subcommand of `innkeeper`. */
export interface Command {
  readonly usage: string
  readonly summary: string
  /** Flags of its own, taken out before the settings are read: name → whether it is followed by a value. */
  readonly flags?: Readonly<Record<string, 'value' | 'switch'>>
  /** Resolves when done, to the exit code. */
  run(call: Call): Promise<number>
}

export interface Call {
  /** What is left of the command line: settings for loadConfig. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags: Readonly<Record<string, string | true>>
}

/** The mistake of whoever typed the command: shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * The settings of a command that takes no words; of one that starts a server, without those of a demo before it.
 * `npm start --port 81`, which lacks a `--`, arrives as the word 81.
 */
export function settingsOf({ argv, env }: Call, starts = false): LoadedConfig {
  const loaded = loadConfig({ argv, env, starts })
  const [word] = loaded.rest
  if (word === undefined) return loaded
  throw new UsageError(
    `"${word}" is not understood; with npm, settings come after a --, as in: npm start -- --port 8081`,
  )
}

/** Takes a command's own flags out of the command line. */
export function splitFlags(argv: readonly string[], known: Command['flags'] = {}): Pick<Call, 'argv' | 'flags'> {
  const rest: string[] = []
  const flags: Record<string, string | true> = {}
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const [name = '', inline] = word.startsWith('--') ? word.slice(2).split(/=(.*)/s) : []
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (kind === undefined) rest.push(word)
    else if (kind === 'switch') flags[name] = true
    else {
      const value = inline ?? argv[++at]
      // Another flag is no value: whoever means one that looks like it writes it after a =.
      if (value === undefined || (inline === undefined && value.startsWith('--')))
        throw new UsageError(`--${name} needs a value`)
      flags[name] = value
    }
  }
  return { argv: rest, flags }
}
