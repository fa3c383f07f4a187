import { contract } from '@innkeeper/contract'
import { afterAll, expect, test } from 'vitest'
import { fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'
import { addProducts, buyService } from '../../../test/services.ts'

const full = await fullServer()
afterAll(() => full.close())

const { basic, premium } = await addProducts(full.app)
const password = 'correct horse battery'
const signUp = async (email: string) => {
  const { json } = await send(full.server, contract.extensions.signup, { email, password })
  return String(json.client_id)
}
const tokenOf = async (email: string) => {
  const { json } = await send(full.server, contract.auth.login, { username: email, password })
  return String(json.token)
}
const accountId = await signUp('owner@example.com')
const owner = await tokenOf('owner@example.com')
const contactWith = async (email: string, services: object) => {
  await send(full.server, contract.contacts.createContact, { email, password, privileges: { services } }, owner)
  return await tokenOf(email)
}
const service = await buyService(full.app, accountId, basic)
const other = await buyService(full.app, accountId, premium)
await full.app.db
  .updateTable('service')
  .set({ username: 'ada', password: full.app.secrets.encrypt('service.password', 'pelikan') })
  .where('id', '=', service.id)
  .execute()

test('a list shows the services that the privileges cover, by the page if asked', async () => {
  const list = async (token: string, input = {}) =>
    (await send(full.server, contract.services.listServices, input, token)).json as {
      services: { id: string }[]
      page?: unknown
    }
  const all = await list(owner)
  expect(all.services.map(row => row.id)).toEqual([service.id, other.id])
  expect(all.page).toBeUndefined()
  const second = await list(owner, { page: 1, perpage: 1 })
  expect(second).toMatchObject({ services: [{ id: other.id }], page: { current: 1, total: 2 } })
  const contact = await contactWith('basic@example.com', { [other.id]: ['basic'] })
  expect((await list(contact)).services.map(row => row.id)).toEqual([other.id])
})

test('credentials are for those with the privilege; others see none', async () => {
  const get = async (token: string) =>
    (await send(full.server, contract.services.getService, { id: service.id }, token)).json.service
  expect(await get(owner)).toMatchObject({ username: 'ada', password: 'pelikan', total: '10.00', name: 'Basic' })
  const contact = await contactWith('login@example.com', { [service.id]: ['basic'] })
  expect(await get(contact)).toMatchObject({ username: '', password: '' })
})

test('an upgrade is reckoned without being ordered, ordered with `send`, shown and cancelled', async () => {
  const upgrade = (input: object) =>
    send(full.server, contract.services.upgradeService, { id: service.id, package: premium.id, ...input }, owner)
  const quoted = (await upgrade({})).json
  expect(quoted).not.toHaveProperty('order_num')
  const ordered = (await upgrade({ send: true })).json
  expect(ordered).toMatchObject({ upgrade: quoted.upgrade, info: ['upgrade_order_success'] })
  expect(String(ordered.order_num)).toMatch(/^\d{9}$/)
  const change = () => send(full.server, contract.extensions.getServiceChange, { id: service.id }, owner)
  expect((await change()).json.change).toMatchObject({
    ...{ state: 'invoiced', apply: 'now', name: 'Premium', total: '30.00', invoice_id: ordered.invoice_id },
  })
  expect((await upgrade({ send: true })).json.error).toEqual(['conflict', 'change_pending'])
  const { status } = await send(full.server, contract.extensions.cancelServiceChange, { id: service.id }, owner)
  expect(status).toBe(200)
  expect((await change()).status).toBe(404)
  const invoice = await full.app.db
    .selectFrom('invoice')
    .where('id', '=', String(ordered.invoice_id))
    .select('status')
    .executeTakeFirstOrThrow()
  expect(invoice.status).toBe('Cancelled')
})

test('a change at renewal shows the setup that the renewal bills with it', async () => {
  const service = await buyService(full.app, accountId, basic)
  const request = { id: service.id, package: premium.id, apply: 'renewal' }
  const upgrade = async (more: object) =>
    (await send(full.server, contract.services.upgradeService, { ...request, ...more }, owner)).json.upgrade
  const quoted = await upgrade({})
  expect(quoted).toMatchObject({ total: '0.00', charge: '0.00', setup: '20.00', new_total: '30.00' })
  expect(await upgrade({ send: true })).toEqual(quoted)
  const { json } = await send(full.server, contract.extensions.getServiceChange, { id: service.id }, owner)
  expect(json.change).toMatchObject({ state: 'queued', total: '30.00', setup: '20.00' })
  const renewed = await send(full.server, contract.services.renewService, { id: service.id }, owner)
  const invoice = await full.app.db
    .selectFrom('invoice')
    .where('id', '=', String(renewed.json.invoice_id))
    .select('subtotal_minor')
    .executeTakeFirstOrThrow()
  expect(invoice.subtotal_minor).toBe('5000')
})

test.each([
  ['nothing', {}],
  ['what it is already', { cycle: 'm', resources: {} }],
])(
  'where %s is chosen, a change costs nothing, whatever the catalogue says since; ordered, it is refused',
  async (_what, chosen) => {
    const service = await buyService(full.app, accountId, basic)
    const prices = full.app.db.updateTable('price').where('product_id', '=', basic.id).where('cycle', '=', 'm')
    await prices.set({ price_minor: 1500 }).execute()
    const upgrade = (more: object) =>
      send(full.server, contract.services.upgradeService, { id: service.id, ...chosen, ...more }, owner)
    const { status, json } = await upgrade({})
    const { paid_until } = await full.app.db
      .selectFrom('service')
      .where('id', '=', service.id)
      .select('paid_until')
      .executeTakeFirstOrThrow()
    expect([status, json.upgrade]).toEqual([
      200,
      {
        ...{ charge: '0.00', credit: '0.00', setup: '0.00', tax: '0.00', total: '0.00', new_total: '10.00', items: [] },
        next_due: paid_until?.toISOString().slice(0, 10),
      },
    ])
    const ordered = await upgrade({ send: true })
    expect([ordered.status, ordered.json.error]).toEqual([409, ['conflict', 'nothing_changes']])
    await prices.set({ price_minor: 1000 }).execute()
    const written = await full.app.db
      .selectFrom('service_change')
      .where('service_id', '=', service.id)
      .selectAll()
      .execute()
    expect(written).toEqual([])
  },
)

test('one key orders an upgrade once', async () => {
  const order = () =>
    full.server.inject({
      method: 'POST',
      url: `/api/service/${other.id}/upgrade`,
      headers: { authorization: `Bearer ${owner}`, 'idempotency-key': 'upgrade-1' },
      payload: { package: basic.id, send: true },
    })
  const first = await order()
  expect(first.json()).toMatchObject({ info: ['upgrade_order_success'] })
  expect((await order()).body).toBe(first.body)
  const changes = await full.app.db
    .selectFrom('service_change')
    .where('service_id', '=', other.id)
    .selectAll()
    .execute()
  expect(changes).toHaveLength(1)
})
