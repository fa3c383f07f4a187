import { type StaffRole, staffRoles } from '@innkeeper/contract'
import { createMember, resetSignIn, selectMember } from '../modules/staff/index.ts'
import { asOperator } from '../operator.ts'
import { type Command, UsageError } from './command.ts'
import { withApp, withNewApp } from './with-app.ts'

export const staffCreate: Command = {
  usage: 'staff create --email E --role R [--name N]',
  summary: 'Adds somebody to the staff and prints their first sign-in',
  flags: { email: 'value', role: 'value', name: 'value' },
  async run(call) {
    const { email, role, name } = call.flags
    if (typeof email !== 'string') throw new UsageError('staff create needs --email')
    if (!isRole(role)) throw new UsageError(`staff create needs --role: ${staffRoles.join(', ')}`)
    return withNewApp(call, async app => {
      const newcomer = { email, role, ...(typeof name === 'string' ? { name } : {}) }
      const { id, password, totpUri } = await asOperator(app, ctx => createMember(ctx, newcomer))
      print({ id, email: email.trim().toLowerCase(), role, password, totp_uri: totpUri })
    })
  },
}

export const staffReset: Command = {
  usage: 'staff reset --email E',
  summary: 'Gives somebody of the staff a new password and second factor',
  flags: { email: 'value' },
  async run(call) {
    const { email } = call.flags
    if (typeof email !== 'string') throw new UsageError('staff reset needs --email')
    return withApp(call, async app => {
      const member = await selectMember(app.db, { email: email.trim().toLowerCase() })
      if (member === undefined) throw new UsageError(`nobody of the staff has the address ${email}`)
      const { password, totpUri } = await asOperator(app, ctx => resetSignIn(ctx, member))
      print({ id: member.id, email: member.email, role: member.role, password, totp_uri: totpUri })
    })
  },
}

/** The password is for one use; the URI goes into an authenticator, as it is or as a picture. */
function print(signIn: object): void {
  process.stdout.write(`${JSON.stringify(signIn)}\n`)
}

function isRole(role: unknown): role is StaffRole {
  return staffRoles.some(known => known === role)
}
