import { Type } from 'typebox'
import type { App } from '../../context.ts'
import { job, type Schedule } from '../../jobs/index.ts'
import { deleteOldAttempts } from './attempts-store.ts'
import { rotateKeys } from './keyring.ts'
import { deleteRetiredKeys } from './keys-store.ts'
import { deleteExpired } from './sessions-store.ts'

const day = 86_400_000
const nothing = Type.Object({})

/** Removes what signing in leaves behind: ended sessions, spent challenges, old failures, keys nothing was signed with lately. */
async function purgeExpired({ db, clock, config }: App): Promise<void> {
  const now = clock.now().getTime()
  await deleteExpired(db, new Date(now))
  await deleteOldAttempts(db, new Date(now - day))
  await deleteRetiredKeys(db, new Date(now - day - config.accessTokenSeconds * 1000))
}

const sweepSessions = job({ name: 'sweep.sessions', payload: nothing, maxAttempts: 3, run: purgeExpired })

/** Tokens of the old key stay good until they expire, so nobody notices. */
const rotateSigningKey = job({ name: 'auth.rotate-signing-key', payload: nothing, maxAttempts: 3, run: rotateKeys })

/** What signing in does by the clock. */
export const sessionSchedules: readonly Schedule[] = [
  { cron: '17 * * * *', job: sweepSessions },
  { cron: '37 3 1 * *', job: rotateSigningKey },
]
