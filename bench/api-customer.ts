import { ask, type Client, openClient } from './api-client.ts'
import type { Program } from './api-program.ts'

/** The demo's customer, signed in. */
export interface Customer {
  readonly client: Client
  readonly serviceId: string
  /** Values of the Authorization header. */
  readonly bearer: string
  readonly basic: string
}

interface ZoneList {
  readonly service_ids: readonly string[]
  readonly zones: readonly { readonly domain_id: string; readonly name: string }[]
}

export async function signIn({ api, username, password }: Program): Promise<Customer> {
  const stranger = openClient(api, {})
  const { token } = await ask<{ token: string }>(stranger, 'POST', '/login', { username, password })
  const bearer = `Bearer ${token}`
  const client = openClient(api, { authorization: bearer })
  const { service_ids } = await ask<ZoneList>(client, 'GET', '/dns')
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return { client, bearer, basic, serviceId: service_ids[0] ?? '' }
}

export async function addZone({ client, serviceId }: Customer, name: string): Promise<string> {
  const { zone_id } = await ask<{ zone_id: string }>(client, 'POST', `/service/${serviceId}/dns`, { name })
  return zone_id
}

export function recordsPath({ serviceId }: Customer, zoneId: string): string {
  return `/service/${serviceId}/dns/${zoneId}/records`
}

/** The listing of 20 zones and the zone of 50 records that the reading is measured with. */
export async function fillForReading(customer: Customer): Promise<{ list: string; zone: string; zoneId: string }> {
  const { client, serviceId } = customer
  const { zones } = await ask<ZoneList>(client, 'GET', '/dns')
  for (let index = zones.length; index < 19; index++) await addZone(customer, `customer-${index}.example`)
  const zoneId = await addZone(customer, 'fifty.example')
  const zone = `/service/${serviceId}/dns/${zoneId}`
  const { records } = await ask<{ records: unknown[] }>(client, 'GET', zone)
  for (let index = records.length; index < 50; index++) {
    const record = { name: `host-${index}`, type: 'A', content: `192.0.2.${index}` }
    await ask(client, 'POST', recordsPath(customer, zoneId), record)
  }
  return { list: '/dns', zone, zoneId }
}
