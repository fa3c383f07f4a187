import { ConfigError } from '../load-config.ts'
import { flagName, settings, variableNames } from '../settings.ts'

/** Opens a port; where that fails for a reason the operator can change, says which setting to change. */
export async function openPort<T>(key: string, port: number, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const reason = reasons[codeOf(error) ?? '']
    const setting = settings.find(each => each.key === key)
    if (reason === undefined || setting === undefined) throw error
    const names = `--${flagName(setting)} (or ${variableNames(setting).at(-1)})`
    throw new ConfigError(`port ${port} ${reason}; choose another with ${names}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program, perhaps by this one started twice',
  EACCES: 'may not be opened by this user',
}

/** The system's code of an error, which may have been wrapped on its way. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause)
}
