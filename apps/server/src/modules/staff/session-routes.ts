import { roleMay, type StaffRight, staffRights } from '@innkeeper/contract'
import type { StaffIdentity } from '../../context.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { changePassword } from './change-password.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { verifySignIn } from './verify-sign-in.ts'

export const sessionHandlers: StaffModuleHandlers<'session'> = {
  async logIn(ctx, { email, password }) {
    const { token, expiresAt, needsPassword, setup } = await logIn(ctx, email, password)
    return {
      challenge: token,
      expires_at: expiresAt.toISOString(),
      needs: needsPassword ? ['code', 'password'] : ['code'],
      ...(setup === undefined ? {} : { setup: { secret: setup.secret, uri: setup.uri } }),
    }
  },
  async verify(ctx, input) {
    const { token, staff } = await verifySignIn(ctx, input)
    return { token, expires_at: staff.expiresAt.toISOString(), staff: meOf(staff) }
  },
  async logOut(ctx, { everywhere }) {
    await logOut(ctx, everywhere ?? false)
    return { info: ['signed_out'] }
  },
  async getMe({ staff }) {
    const rights = Object.keys(staffRights) as StaffRight[] // the keys of a constant
    return {
      staff: meOf(staff),
      rights: rights.filter(right => roleMay(staff.role, right)),
      expires_at: staff.expiresAt.toISOString(),
    }
  },
  async changePassword(ctx, { password, new_password }) {
    await changePassword(ctx, password, new_password)
    return { info: ['password_changed'] }
  },
}

function meOf({ staffId, email, name, role }: StaffIdentity) {
  return { id: staffId, email, name, role }
}
