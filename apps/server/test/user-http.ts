import type { FastifyInstance } from 'fastify'
import type { App } from '../src/context.ts'
import { createHttp, type HttpOptions } from '../src/http/app.ts'
import type { Implementation } from '../src/http/implement.ts'
import { type Authenticate, userApi } from '../src/http/user-api.ts'

/** The User API alone, of the operations given: for tests of what is below or beside the others. */
export function userHttp(
  app: App,
  implementations: readonly Implementation[],
  authenticate: Authenticate,
  options?: HttpOptions,
): FastifyInstance {
  return createHttp(app, [userApi(app, implementations, authenticate)], options)
}
