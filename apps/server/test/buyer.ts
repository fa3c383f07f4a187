import type { SignedInContext } from '../src/context.ts'
import { asSystem } from '../src/operator.ts'
import { ownerPrivileges } from '../src/privileges.ts'
import type { TestApp } from './app.ts'
import type { FullServer } from './full-server.ts'

/** Somebody who buys: an account whose owner lives in a country, and a way to act as them without HTTP. */
export interface Buyer {
  readonly accountId: string
  /** One transaction, as their request would have. */
  run<T>(work: (ctx: SignedInContext) => Promise<T>): Promise<T>
}

export interface BuyerFacts {
  readonly country?: string
  readonly state?: string
  readonly currency?: string
}

export async function createBuyer(
  app: TestApp,
  { country = 'EE', state = '', currency = 'EUR' }: BuyerFacts = {},
): Promise<Buyer> {
  const email = `buyer${Math.random().toString(36).slice(2, 12)}@example.com`
  const at = app.clock.now()
  const { id: accountId } = await app.db
    .insertInto('account')
    .values({ created_at: at, currency })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: profileId } = await app.db
    .insertInto('profile')
    .values({
      account_id: accountId,
      owner: true,
      email,
      firstname: 'Ada',
      lastname: 'Byron',
      country,
      state,
      created_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const privileges = ownerPrivileges
  const identity = { accountId, profileId, email, owner: true, privileges, via: 'session' } as const
  return { accountId, run: work => asSystem(app, ctx => work({ ...ctx, identity })) }
}

/** The same through HTTP: signed up and signed in. */
export interface Customer extends Buyer {
  /** A POST to the API; a body that is not success is refused with its status. */
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string): Promise<Answer>
}
export interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any
}

const password = 'correct horse battery'

export async function signUp({ app, server }: FullServer, facts: BuyerFacts = {}): Promise<Customer> {
  const { country = 'EE', state = '', currency = 'EUR' } = facts
  const email = `buyer${Math.random().toString(36).slice(2, 12)}@example.com`
  const send = async (method: 'GET' | 'POST', path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await server.inject({ method, url: `/api${path}`, headers, ...(body && { payload: body }) })
    return { status: answer.statusCode, text: answer.body, json: answer.json() }
  }
  const { json: account } = await send('POST', '/signup', { email, password })
  const accountId = String(account.client_id)
  await app.db.updateTable('profile').set({ country, state }).where('account_id', '=', accountId).execute()
  await app.db.updateTable('account').set({ currency }).where('id', '=', accountId).execute()
  const { json: session } = await send('POST', '/login', { username: email, password })
  const authorization = `Bearer ${session.token}`
  const profile = await app.db
    .selectFrom('profile')
    .select('id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  const privileges = ownerPrivileges
  const identity = { accountId, profileId: profile.id, email, owner: true, privileges, via: 'session' } as const
  return {
    accountId,
    run: work => asSystem(app, ctx => work({ ...ctx, identity })),
    post: (path, body, headers = {}) => send('POST', path, body, { authorization, ...headers }),
    get: path => send('GET', path, undefined, { authorization }),
  }
}
