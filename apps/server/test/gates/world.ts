import { contract } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { defaultConfig } from '../../src/config.ts'
import { addCredit } from '../../src/modules/billing/index.ts'
import { asSystem } from '../../src/operator.ts'
import { issueTestInvoice } from '../billing.ts'
import { importDemoCatalogue, type TestCatalogue } from '../catalogue.ts'
import { type FullServer, fullServer } from '../full-server.ts'
import { addProducts, buyService } from '../services.ts'
import { send } from './send.ts'

/** An account with one of everything, and the people who must not reach it. */
export interface World {
  readonly server: FastifyInstance
  readonly full: FullServer
  readonly email: string
  readonly password: string
  /** Access token of the owner; of the owner of another account; of a contact of ours without privileges. */
  readonly token: string
  readonly strangerToken: string
  readonly powerlessToken: string
  readonly accountId: string
  readonly contactId: string
  readonly serviceId: string
  readonly zoneId: string
  readonly catalogue: TestCatalogue
  freshEmail(): string
  freshLabel(): string
  freshToken(): Promise<string>
  freshRefreshToken(): Promise<string>
  freshRecord(): Promise<string>
  freshZone(): Promise<string>
  freshPersonalToken(): Promise<string>
  /** A service that is paid for a month, and the larger product that it can become. */
  freshBought(): Promise<{ serviceId: string; largerProductId: string }>
  /** One with a change that is not paid yet. */
  freshChange(): Promise<string>
  allowLoopback(): Promise<void>
  /** An unpaid one of the owner, of 24.80. */
  freshInvoice(): Promise<string>
  /** 5.00 to the owner. */
  addCredit(): Promise<void>
  freshChallenge(): Promise<{ token: string; code: string }>
  close(): Promise<void>
}

const password = 'correct horse battery'
const loopback = ['127.0.0.0/8', '::1/128']

export async function createWorld(): Promise<World> {
  // Some operations exist in test mode only, and taxes where there is somebody who has to charge them.
  const seller = { ...defaultConfig('').seller, vatNumber: 'EE100000001' }
  const full = await fullServer({ testMode: true, seller })
  const { server } = full
  let counter = 0
  const freshLabel = () => `fresh${++counter}`
  const freshEmail = () => `${freshLabel()}@example.com`
  const signUp = async () => {
    const email = freshEmail()
    const { json } = await send(server, contract.extensions.signup, { email, password })
    return { email, accountId: String(json.client_id) }
  }
  const login = async (username: string) => (await send(server, contract.auth.login, { username, password })).json
  const owner = await signUp()
  const stranger = await signUp()
  const token = String((await login(owner.email)).token)
  const asOwner = async (operation: Parameters<typeof send>[1], input: Record<string, unknown>) => {
    const { status, json, text } = await send(server, operation, input, token)
    if (status !== 200) throw new Error(`${operation.id}: ${status} ${text}`)
    return json
  }
  const catalogue = await importDemoCatalogue(full.app)
  const { serviceId } = await full.addDnsService(owner.accountId)
  const zone = await asOwner(contract.dns.createZone, { service_id: serviceId, name: 'gates.example' })
  const powerless = freshEmail()
  await asOwner(contract.contacts.createContact, { email: powerless, password, privileges: {} })
  const privileges = { support: ['tickets', 'newticket'] }
  const contact = await asOwner(contract.contacts.createContact, { email: freshEmail(), privileges })
  const zoneId = String(zone.zone_id)
  const { basic, premium } = await addProducts(full.app)
  const freshBought = async () => ({
    serviceId: (await buyService(full.app, owner.accountId, basic)).id,
    largerProductId: premium.id,
  })
  return {
    server,
    full,
    email: owner.email,
    password,
    token,
    strangerToken: String((await login(stranger.email)).token),
    powerlessToken: String((await login(powerless)).token),
    accountId: owner.accountId,
    contactId: String(contact.contact_id),
    serviceId,
    zoneId,
    catalogue,
    freshEmail,
    freshLabel,
    freshToken: async () => String((await login(owner.email)).token),
    freshRefreshToken: async () => String((await login(owner.email)).refresh),
    async freshRecord() {
      const fields = { service_id: serviceId, zone_id: zoneId, name: freshLabel(), type: 'A', content: '192.0.2.1' }
      const { record } = (await asOwner(contract.dns.createRecord, fields)) as { record: { id: string } }
      return record.id
    },
    freshZone: async () =>
      String(
        (await asOwner(contract.dns.createZone, { service_id: serviceId, name: `${freshLabel()}.example` })).zone_id,
      ),
    freshPersonalToken: async () =>
      String((await asOwner(contract.extensions.createToken, { name: 'gate', allowed_addresses: loopback })).id),
    freshBought,
    async freshChange() {
      const { serviceId: id, largerProductId } = await freshBought()
      await asOwner(contract.services.upgradeService, { id, package: largerProductId, send: true })
      return id
    },
    async allowLoopback() {
      await asOwner(contract.extensions.updateIpAccess, { allowed_addresses: loopback })
    },
    freshInvoice: async () => (await issueTestInvoice(full.app, owner.accountId)).id,
    async addCredit() {
      const gift = { amountMinor: 500n, currency: 'EUR', key: freshLabel(), description: 'Gift' }
      await asSystem(full.app, async ctx => addCredit(ctx, await ctx.begin(), { accountId: owner.accountId, ...gift }))
    },
    async freshChallenge() {
      const guarded = await signUp()
      const secret = new Secret({ size: 20 })
      const first = String((await login(guarded.email)).token)
      await send(server, contract.account.updateDetails, { '2faenable': 'on', '2fasecret': secret.base32 }, first)
      const { mfa } = (await login(guarded.email)) as { mfa: { token: string } }
      return { token: mfa.token, code: new TOTP({ secret }).generate({ timestamp: full.app.clock.now().getTime() }) }
    },
    close: () => full.close(),
  }
}
