import type { SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { pageOf, sliceOf } from '../../paging.ts'
import { parsePrivileges } from '../../privileges.ts'
import { notFound } from '../../refusal.ts'
import { wirePrivileges } from '../../wire-privileges.ts'
import { wireDateTime } from '../../wire-time.ts'
import { contactsOf, countContacts, profileOf } from '../accounts/index.ts'
import { createContact } from './create-contact.ts'
import { updateContact } from './update-contact.ts'

export const contactHandlers: ModuleHandlers<'contacts'> = {
  async listContacts(ctx, input) {
    const slice = sliceOf(input)
    const { accountId } = ctx.identity
    const rows = await contactsOf(ctx.db, accountId, slice)
    return {
      contacts: rows.map(row => ({
        email: row.email,
        id: row.id,
        firstname: row.firstname,
        lastname: row.lastname,
        companyname: row.companyname,
        company: row.type === 'Company' ? '1' : '0',
        lastlogin: wireDateTime(row.last_login_at, ctx.config.timeZone),
      })),
      ...pageOf(input, slice === undefined ? 0 : await countContacts(ctx.db, accountId)),
    }
  },
  async createContact(ctx, input) {
    return { contact_id: await createContact(ctx, input), info: ['profile_added'] }
  },
  async listPrivileges(ctx) {
    return { privileges: wirePrivileges(ctx.identity.privileges) }
  },
  async getContact(ctx, input) {
    return { contact: await contactDetail(ctx, input.id) }
  },
  async updateContact(ctx, input) {
    await updateContact(ctx, input.id, input)
    return { info: ['profile_updated'] }
  },
}

async function contactDetail(ctx: SignedInContext, id: string) {
  const row = await profileOf(ctx.db, ctx.identity.accountId, id)
  if (row === undefined || row.owner) throw notFound()
  return {
    id: row.id,
    email: row.email,
    firstname: row.firstname,
    lastname: row.lastname,
    companyname: row.companyname,
    address1: row.address1,
    address2: row.address2,
    city: row.city,
    state: row.state,
    postcode: row.postcode,
    country: row.country,
    phonenumber: row.phonenumber,
    type: row.type,
    privileges: wirePrivileges(parsePrivileges(row.privileges) ?? {}),
  }
}
