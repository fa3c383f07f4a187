import type { SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { pageOf, sliceOf } from '../../paging.ts'
import { badField, Refusal } from '../../refusal.ts'
import { wireDateTime } from '../../wire-time.ts'
import { auditOf, countAudit } from '../audit/index.ts'
import { limitSignups } from '../sessions/index.ts'
import { createAccount } from './create-account.ts'
import { readPerson } from './person.ts'
import { requestPasswordReset, resetPassword } from './reset-password.ts'
import { type OwnerRow, ownerOf } from './store.ts'
import { updateDetails } from './update-details.ts'

export const accountHandlers: ModuleHandlers<'account'> = {
  async getDetails(ctx) {
    return { client: clientOf(ctx, await ownerOf(ctx.db, ctx.identity.accountId)) }
  },
  async updateDetails(ctx, input) {
    await updateDetails(ctx, input)
    const owner = await ownerOf(await ctx.begin(), ctx.identity.accountId)
    return { client: clientOf(ctx, owner), info: ['client_info_updated'] }
  },
  async listLogs(ctx, input) {
    const slice = sliceOf(input)
    const { accountId } = ctx.identity
    const rows = await auditOf(ctx.db, accountId, slice)
    return {
      logs: rows.map(row => ({
        id: row.id,
        date: wireDateTime(row.at, ctx.config.timeZone),
        description: row.description,
        event: row.event,
        who: row.actor,
        ip: row.address,
      })),
      ...pageOf(input, slice === undefined ? 0 : await countAudit(ctx.db, accountId)),
    }
  },
}

/** The account's part of the extensions: opening one, and a lost password. */
export const accountExtensions: Pick<ModuleHandlers<'extensions'>, 'signup' | 'requestPasswordReset'> = {
  async signup(ctx, input) {
    if (!ctx.config.signupEnabled) throw new Refusal('invalid method')
    await limitSignups(ctx)
    const { accountId } = await createAccount(ctx, {
      email: input.email,
      password: input.password,
      person: readPerson(input),
    })
    return { client_id: accountId, info: ['client_added'] }
  },
  async requestPasswordReset(ctx, input) {
    if (input.token !== undefined) {
      if (input.password === undefined) throw badField('password', 'field_empty_error')
      await resetPassword(ctx, input.token, input.password)
      return { info: ['passwordreset_done'] }
    }
    if (input.email === undefined) throw badField('email', 'field_empty_error')
    await requestPasswordReset(ctx, input.email)
    return { info: ['passwordreset_sent'] }
  },
}

/** The account as the documents show it: its number with the owner's particulars. */
function clientOf(ctx: SignedInContext, owner: OwnerRow) {
  return {
    id: owner.account_id,
    email: owner.email,
    lastlogin: wireDateTime(owner.last_login_at, ctx.config.timeZone),
    ip: owner.last_login_address ?? '',
    host: owner.last_login_host ?? '',
    firstname: owner.firstname,
    lastname: owner.lastname,
    companyname: owner.companyname,
    address1: owner.address1,
    address2: owner.address2,
    city: owner.city,
    state: owner.state,
    postcode: owner.postcode,
    country: owner.country,
    phonenumber: owner.phonenumber,
  }
}
