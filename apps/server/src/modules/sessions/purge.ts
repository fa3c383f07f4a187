import type { App } from '../../context.ts'
import { deleteOldAttempts } from './attempts-store.ts'
import { deleteRetiredKeys } from './keys-store.ts'
import { deleteExpired } from './sessions-store.ts'

const day = 86_400_000

/** Removes what signing in leaves behind: ended sessions, spent challenges, old failures, keys nothing was signed with lately. */
export async function purgeExpired({ db, clock }: App): Promise<void> {
  const now = clock.now().getTime()
  await deleteExpired(db, new Date(now))
  await deleteOldAttempts(db, new Date(now - day))
  await deleteRetiredKeys(db, new Date(now - 30 * day))
}
