import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, innkeeper, newDataDir, type Program, removeDataDir, startProgram } from './program.ts'
import { signInStaff } from './staff.ts'

/* Money from outside: a customer's life with the demo provider, and a program that dies while it sells. */

type Answer = Record<string, unknown>

function customerOf(program: Program) {
  const authorization = `Basic ${btoa(`${program.username}:${program.password}`)}`
  const call = async (method: string, path: string, fields?: object, headers: Record<string, string> = {}) =>
    fetch(`${program.api}${path}`, {
      method,
      headers: {
        authorization,
        ...(fields === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
    })
  return { call, json: async (...args: Parameters<typeof call>) => (await (await call(...args)).json()) as Answer }
}
type Customer = ReturnType<typeof customerOf>

async function productNamed({ json }: Customer, wanted: string): Promise<string> {
  const { categories } = (await json('GET', '/category')) as { categories: { id: string }[] }
  for (const { id } of categories) {
    const { products } = (await json('GET', `/category/${id}/product`)) as { products: { id: string; name: string }[] }
    const found = products.find(({ name }) => name === wanted)
    if (found !== undefined) return found.id
  }
  throw new Error(`${wanted} is not sold`)
}

async function expectSoundMoney(dataDir: string): Promise<void> {
  expect(await innkeeper(['audit', 'money', '--data', dataDir])).toMatchObject({ code: 0 })
}

/** Says at the bank that this much came with this reference. */
async function transfer(dataDir: string, amount: string, reference: string): Promise<void> {
  const file = join(dataDir, 'statement.csv')
  const today = new Date().toISOString().slice(0, 10)
  await writeFile(file, `date,amount,currency,payer,reference\n${today},${amount},EUR,Demo Customer,${reference}\n`)
  expect(await innkeeper(['bank', 'import', file, '--data', dataDir])).toMatchObject({ code: 0 })
}

test('a customer orders, pays by transfer, gets the invoice as PDF, and is renewed, reminded, suspended and let go on', async () => {
  const dataDir = await newDataDir()
  const program = await startProgram({ dataDir })
  const customer = customerOf(program)
  const { json } = customer
  const { call: asStaff } = await signInStaff(program)
  const product = await productNamed(customer, 'Web hosting M')
  const sent = { cycle: 'm', domain: 'money.example', pay_method: '1' }
  const quote = (await json('POST', '/quote', {
    pay_method: '1',
    items: [{ type: 'product', product_id: product, ...sent }],
  })) as { summary: { total: number } }
  const order = (await json('POST', `/order/${product}`, sent)) as {
    invoice_id: string
    total: string
    items: { id: string }
  }
  expect(Number(order.total)).toBe(quote.summary.total)
  const service = order.items.id
  const statusOf = async () => ((await json('GET', `/service/${service}`)).service as { status: string }).status
  const invoices = async () => (await json('GET', '/invoice')).invoices as { id: string; status: string }[]
  const pay = async (id: string) => {
    const { transfer: wanted } = (await json('POST', `/invoice/${id}/pay`, { pay_method: '1' })) as {
      transfer: { amount: string; reference: string }
    }
    await transfer(dataDir, wanted.amount, wanted.reference)
  }
  await pay(order.invoice_id)
  expect((await invoices())[0]).toMatchObject({ id: order.invoice_id, status: 'Paid' })
  await eventually(
    () => asStaff('POST', `/services/${service}/provisioned`, { username: 'money' }),
    answer => answer.success === true,
  )
  expect(await statusOf()).toBe('Active')
  const pdf = await customer.call('POST', `/invoice/${order.invoice_id}/pdf`, undefined, { accept: 'application/pdf' })
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')

  await json('POST', '/test/clock', { advance: { days: 31 } })
  const [renewal] = await invoices()
  expect(renewal).toMatchObject({ status: 'Unpaid' })
  expect(renewal?.id).not.toBe(order.invoice_id)
  await json('POST', '/test/clock', { advance: { days: 6 } })
  await eventually(statusOf, status => status === 'Suspended')
  await pay(renewal?.id ?? '')
  await eventually(
    () => asStaff('POST', `/services/${service}/provisioned`, {}).then(statusOf),
    status => status === 'Active',
  )
  await program.stop()
  await expectSoundMoney(dataDir)
  await removeDataDir(dataDir)
}, 120_000)

test('kill -9 of the program and its database while customers order: each key is one order, and all money adds up', async () => {
  const dataDir = await newDataDir()
  const program = await startProgram({ dataDir })
  const product = await productNamed(customerOf(program), 'DNS hosting, ten zones')
  const order = ({ json }: Customer, key: string) =>
    json('POST', `/order/${product}`, { cycle: 'm', pay_method: '1' }, { 'idempotency-key': key })
  const customer = customerOf(program)
  const acknowledged = new Map<string, unknown>()
  const sent: string[] = []
  let alive = true
  const loops = ['a', 'b', 'c'].map(async name => {
    for (let n = 0; alive; n++) {
      const key = `${name}${n}`
      sent.push(key)
      const answer = await order(customer, key).catch(() => undefined)
      if (answer?.success === true) acknowledged.set(key, answer.order_num)
    }
  })
  await eventually(
    async () => acknowledged.size,
    size => size >= 15,
  )
  await program.killAll()
  alive = false
  await Promise.all(loops)

  const restarted = await startProgram({ dataDir })
  const again = customerOf(restarted)
  for (const key of sent) {
    const { order_num } = await order(again, key)
    expect(Number(order_num)).toBeGreaterThan(0)
    if (acknowledged.has(key)) expect(order_num, key).toBe(acknowledged.get(key))
  }
  const { invoices } = (await again.json('GET', '/invoice')) as { invoices: { number: string }[] }
  expect(invoices).toHaveLength(sent.length)
  expect(new Set(invoices.map(({ number }) => number)).size).toBe(sent.length)
  await restarted.stop()
  await expectSoundMoney(dataDir)
  await removeDataDir(dataDir)
}, 120_000)
