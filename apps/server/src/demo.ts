import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App, Context, SignedInContext } from './context.ts'
import { createOnce } from './create-once.ts'
import { createAccount, isTaken } from './modules/accounts/index.ts'
import { applyImport, hasCatalogue } from './modules/catalog/index.ts'
import { dnsHandlers } from './modules/dns/index.ts'
import { ensureProduct, insertService } from './modules/services/index.ts'
import { asOperator } from './operator.ts'
import { ownerPrivileges } from './privileges.ts'

export interface DemoSignIn {
  readonly username: string
  readonly password: string
}

/** What the demo sells. */
const catalogueFile = new URL('../demo/catalogue.yaml', import.meta.url)

/** Records of the demo zone, as a customer would send them. */
const records = [
  { name: '@', type: 'A', content: '192.0.2.80' },
  { name: '@', type: 'MX', content: 'mail.example.test', priority: 10 },
  { name: '@', type: 'TXT', content: 'v=spf1 mx -all' },
  { name: 'www', type: 'A', content: '192.0.2.80' },
  { name: 'www', type: 'AAAA', content: '2001:db8::80' },
  { name: 'mail', type: 'A', content: '192.0.2.25' },
  { name: 'shop', type: 'CNAME', content: 'www.example.test' },
  { name: '_sip._tcp', type: 'SRV', content: [5, 5060, 'www.example.test'], priority: 10 },
]

/**
 * A provider to try things with: a catalogue, a customer, a service and a zone. Made once for a data folder; whoever
 * imports a catalogue of their own into it keeps that one.
 */
export async function ensureDemo(app: App): Promise<DemoSignIn> {
  const signIn = await demoSignIn(join(app.config.dataDir, 'demo.json'))
  if (!(await hasCatalogue(app.db))) {
    const source = await readFile(catalogueFile, 'utf8')
    await asOperator(app, ctx => applyImport(ctx, source))
  }
  await asOperator(app, async ctx => {
    if (!(await isTaken(ctx.db, signIn.username))) await createDemo(ctx, signIn)
  })
  return signIn
}

/** The password is kept in a file that only its owner reads, so that a later start prints the same. */
async function demoSignIn(file: string): Promise<DemoSignIn> {
  const read = async () => JSON.parse(await readFile(file, 'utf8')) as DemoSignIn // written below
  const known = await read().catch(() => undefined)
  if (known !== undefined) return known
  const made: DemoSignIn = { username: 'demo@example.test', password: randomBytes(12).toString('base64url') }
  await createOnce(file, `${JSON.stringify(made)}\n`)
  return read()
}

async function createDemo(ctx: Context, { username, password }: DemoSignIn): Promise<void> {
  const person = { firstname: 'Demo', lastname: 'Customer', city: 'Tallinn', country: 'EE' }
  const { accountId, profileId } = await createAccount(ctx, { email: username, password, person })
  const tx = await ctx.begin()
  const dnsHosting = await ensureProduct(tx, { name: 'DNS hosting', features: ['dns'] })
  const service_id = await insertService(tx, accountId, dnsHosting, 'example.test', ctx.clock.now())
  const identity = {
    accountId,
    profileId,
    email: username,
    owner: true,
    privileges: ownerPrivileges,
    via: 'session',
  } as const
  const asCustomer: SignedInContext = { ...ctx, identity }
  const dns = dnsHandlers(ctx)
  const { zone_id } = await dns.createZone(asCustomer, { service_id, name: 'example.test' })
  for (const record of records) await dns.createRecord(asCustomer, { service_id, zone_id, ...record })
}
