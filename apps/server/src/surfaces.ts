import type { App } from './context.ts'
import { handlersOf } from './handlers.ts'
import { createAuthenticate } from './http/authenticate.ts'
import { implement, implementStaff } from './http/implement.ts'
import { staffApi } from './http/staff-api.ts'
import type { Surface } from './http/surface.ts'
import { userApi } from './http/user-api.ts'
import type { Sessions } from './modules/sessions/index.ts'
import { identifyStaff, staffHandlers } from './modules/staff/index.ts'

/** The APIs of the program. */
export function surfacesOf(app: App, sessions: Sessions): Surface[] {
  return [
    userApi(app, implement(handlersOf(app, sessions)), createAuthenticate(app, sessions)),
    staffApi(app, implementStaff(staffHandlers), ({ authorization }) => identifyStaff(app, authorization)),
  ]
}
