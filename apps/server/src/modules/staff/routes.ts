import type { StaffHandlers } from '../../http/implement.ts'
import { sessionHandlers } from './session-routes.ts'
import { teamHandlers } from './team-routes.ts'

/** What carries each operation of the staff API out. */
export const staffHandlers: StaffHandlers = {
  session: sessionHandlers,
  team: teamHandlers,
}
