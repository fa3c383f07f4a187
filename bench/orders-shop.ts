import type pg from 'pg'
import { ask, openClient } from './api-client.ts'
import type { Program } from './api-program.ts'

/** The request that is measured: a product with a form, taxed, billed, and made by a job. */
export interface Order {
  readonly path: string
  readonly body: object
}

export interface Buyer {
  readonly accountId: string
  readonly token: string
}

/**
 * Ids of eleven digits, by which a text that was recorded shows where an id stands: each kind of row, and the numbers of
 * invoices, count in a range of their own, and no amount is as large.
 */
const ranges = { orders: 71, service: 72, invoice: 73, invoice_line: 74, account: 75 } as const
export const idPattern = /7[1-6]0\d{8}/g

/** Takes the product of the demo that has the longest form, and has it made on order. */
export async function openShop(database: pg.Client): Promise<Order> {
  for (const [table, range] of Object.entries(ranges))
    await database.query(`alter table ${table} alter column id restart with ${range}000000001`)
  await database.query(
    `insert into number_series (name, period, next) values ('invoice', to_char(now() at time zone 'UTC', 'YYYY-MM'), 76000000001)
     on conflict (name, period) do update set next = excluded.next`,
  )
  const { rows: products } = await database.query<{ id: string }>(
    `update product set provision_on = 'order', provisioner = 'manual', host_name = 'optional', stock = null
     where id = (select product_id from form_field join form_item on field_id = form_field.id
       join product on product.id = product_id where product.category_id is not null
       group by product_id order by count(*) desc, product_id limit 1) returning id`,
  )
  const [product] = products
  if (product === undefined) throw new Error('the demo has no product with a form')
  return { path: `/order/${product.id}`, body: { cycle: 'm', domain: 'example.org' } }
}

export async function openBuyers(program: Program, database: pg.Client, count: number): Promise<Buyer[]> {
  const stranger = openClient(program.api, {})
  const buyers: Buyer[] = []
  for (let index = 0; index < count; index++) {
    const person = { email: `buyer${index}@example.com`, password: 'a long enough password' }
    const { client_id } = await ask<{ client_id: string }>(stranger, 'POST', '/signup', person)
    const sent = { username: person.email, password: person.password }
    const { token } = await ask<{ token: string }>(stranger, 'POST', '/login', sent)
    buyers.push({ accountId: String(client_id), token })
  }
  await database.query("update profile set country = 'EE', city = 'Tallinn' where owner")
  return buyers
}
