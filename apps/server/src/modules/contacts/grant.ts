import { type PrivilegeTree, parsePrivileges, withinTree } from '../../privileges.ts'
import { badField, Refusal } from '../../refusal.ts'

/** The privileges a client wants to give, if the giver has them all. */
export function readGrant(sent: unknown, own: PrivilegeTree): PrivilegeTree {
  if (sent === undefined || sent === '') return {}
  const wanted = parsePrivileges(sent)
  if (wanted === undefined) throw badField('privileges', 'field_format_error')
  if (!withinTree(wanted, own))
    throw new Refusal('privileges_exceeded', { fields: { privileges: ['privileges_exceeded'] } })
  return wanted
}
