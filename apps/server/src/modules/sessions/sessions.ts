import type { App } from '../../context.ts'
import { IdentityCache } from './identity-cache.ts'
import { type Keyring, openKeyring } from './keyring.ts'

/** What signing in keeps in this process, made once beside the App. */
export interface Sessions {
  readonly keyring: Keyring
  readonly identities: IdentityCache
}

/** Opens the signing keys (making the first), and follows what other nodes revoke. */
export async function openSessions(app: App): Promise<Sessions> {
  const keyring = await openKeyring(app)
  const identities = new IdentityCache(app.notifications)
  const reloadKeys = () => {
    keyring.reload().catch((error: unknown) => app.log.warn({ err: error }, 'signing keys could not be read again'))
  }
  app.notifications.onGap(() => {
    identities.clear()
    if (app.notifications.connected()) reloadKeys()
  })
  await app.notifications.listen('auth', payload => {
    if (payload === 'keys') reloadKeys()
    else identities.drop(payload)
  })
  return { keyring, identities }
}
