import { batchSize, type Sweep } from '../../sweep.ts'
import { renewAccount } from './renew-account.ts'
import { type DueService, dueServices } from './renewal-store.ts'

/** Makes the invoices of periods that begin soon. */
export const makeRenewals: Sweep<DueService> = {
  name: 'renewals',
  async next(app, after) {
    const due = await dueServices(app.db, app.business.now(), after, batchSize)
    const last = due.at(-1)
    if (last === undefined) return []
    // An account has one turn a batch, which renews all that is due of it; the batch ends with the place it ended at.
    const turns = new Map(due.map(service => [service.accountId, service]))
    turns.delete(last.accountId)
    return [...turns.values(), last]
  },
  carryOut: (app, { accountId }) => renewAccount(app, accountId),
}
