import type { App, Identity } from '../src/context.ts'
import { ownerPrivileges } from '../src/privileges.ts'

/** An account with an owner (no password) and a service of a product of its own that has DNS. For tests that need rows, not sign-in. */
export async function seedAccount(app: App, email = `owner${Math.random().toString(36).slice(2, 10)}@example.com`) {
  const at = app.clock.now()
  const account = await app.db
    .insertInto('account')
    .values({ created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const profile = await app.db
    .insertInto('profile')
    .values({ account_id: account.id, owner: true, email, firstname: 'Ada', lastname: 'Byron', created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const product = await app.db
    .insertInto('product')
    .values({ name: `DNS hosting of ${email}`, features: ['dns'] })
    .returning('id')
    .executeTakeFirstOrThrow()
  const service = await app.db
    .insertInto('service')
    .values({ account_id: account.id, product_id: product.id, status: 'Active', created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const identity: Identity = {
    accountId: account.id,
    profileId: profile.id,
    email,
    owner: true,
    privileges: ownerPrivileges,
    via: 'session',
  }
  return { accountId: account.id, profileId: profile.id, serviceId: service.id, email, identity }
}
