import { afterAll, expect, test } from 'vitest'
import { type Bought, shop, type TestProduct } from '../../../test/services.ts'
import { deleteServiceZones } from '../dns/index.ts'
import { completeProvisioning } from './complete-provisioning.ts'
import { terminateService } from './end-service.ts'
import { provision } from './provision-service.ts'
import { dnsProvisioner } from './provisioners/dns.ts'
import { manual } from './provisioners/manual.ts'
import type { ProvisionedService, Provisioner, ProvisionOutcome } from './provisioners/provisioner.ts'
import { suspendService, unsuspendService } from './suspend-service.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop({}, 'machine')
afterAll(() => world.close())

const rowOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const jobsFor = async ({ id }: Bought) => {
  const jobs = await world.db
    .withSchema('graphile_worker')
    .selectFrom('_private_jobs' as 'orders') // the queue's own table, of which there is no type
    .select('payload' as 'number')
    .execute()
  return jobs.filter(job => JSON.stringify(job).includes(`"${id}"`))
}
const bring = (service: Bought, machine: Provisioner) => provision(world, { machine, manual }, service.id)

/** Notes what it is told, and fails or dawdles on request. */
function recorder(outcome: (call: string) => Promise<ProvisionOutcome> = async () => ({ state: 'done' })) {
  const calls: string[] = []
  const told: ProvisionedService[] = []
  const note = (call: string) => async (_app: unknown, service: ProvisionedService) => {
    calls.push(call)
    told.push(service)
    return await outcome(call)
  }
  const machine: Provisioner = {
    create: note('create'),
    change: note('change'),
    suspend: note('suspend'),
    unsuspend: note('unsuspend'),
    terminate: note('terminate'),
  }
  return { calls, told, machine }
}

test('what is paid is made by a job, and runs when it is made; its password is unreadable at rest', async () => {
  const service = await world.buy(world.basic)
  expect(await rowOf(service)).toMatchObject({ status: 'Pending', provisioning: 'queued' })
  expect(await jobsFor(service)).toHaveLength(1)
  const { calls, machine } = recorder(async () => ({
    ...{ state: 'done', externalId: 'vm-7', username: 'ada', password: 'pelikan' },
  }))
  await bring(service, machine)
  const row = await rowOf(service)
  expect(row).toMatchObject({ status: 'Active', provisioning: 'done', external_id: 'vm-7', username: 'ada' })
  expect(row.password?.includes('pelikan')).toBe(false)
  expect(world.secrets.decrypt('service.password', row.password ?? Buffer.alloc(0)).toString()).toBe('pelikan')
  await bring(service, machine)
  expect(calls).toEqual(['create'])
})

test('a provisioner is told what was chosen by its keys, also after a change', async () => {
  const { disk, addresses } = world.basic
  const config = { [disk.id]: { [disk.large]: 1 }, [addresses.id]: { [addresses.item]: 3 } }
  const service = await world.buy(world.basic, 'm', config)
  const { calls, told, machine } = recorder()
  await bring(service, machine)
  await world.asOwner(ctx =>
    orderUpgrade(ctx, { serviceId: service.id, apply: 'now', resources: { [addresses.id]: 1 } }),
  )
  await bring(service, machine)
  expect(calls).toEqual(['create', 'change'])
  expect(told.map(each => each.choices)).toEqual([
    { disk: 'large', addresses: 3 },
    { disk: 'large', addresses: 1 },
  ])
})

test('a failure is kept with its reason, and the next attempt makes up for it', async () => {
  const service = await world.buy(world.basic)
  const failing = recorder(async () => Promise.reject(new Error('no space left')))
  await expect(bring(service, failing.machine)).rejects.toThrow('no space left')
  expect(await rowOf(service)).toMatchObject({
    ...{ status: 'Pending', provisioning: 'failed', provisioning_error: 'no space left' },
  })
  const { calls, machine } = recorder()
  await bring(service, machine)
  expect(calls).toEqual(['create'])
  expect(await rowOf(service)).toMatchObject({ status: 'Active', provisioning: 'done', provisioning_error: null })
})

test('a product whose provisioner does not exist fails with its name', async () => {
  const service = await world.buy(world.basic)
  await expect(provision(world, {}, service.id)).rejects.toThrow('machine')
  expect((await rowOf(service)).provisioning_error).toBe('there is no provisioner machine')
})

test('suspended, started and removed: each end is brought about once', async () => {
  const service = await world.buy(world.basic)
  const { calls, machine } = recorder()
  await bring(service, machine)
  await world.run((ctx, tx) => suspendService(ctx, tx, service, 'staff'))
  await bring(service, machine)
  await world.run((ctx, tx) => suspendService(ctx, tx, service, 'staff'))
  await bring(service, machine)
  await world.run((ctx, tx) => unsuspendService(ctx, tx, service))
  await bring(service, machine)
  await world.run((ctx, tx) => terminateService(ctx, tx, service, 'test'))
  await bring(service, machine)
  expect(calls).toEqual(['create', 'suspend', 'unsuspend', 'change', 'terminate'])
  expect(await rowOf(service)).toMatchObject({ status: 'Terminated', provisioned: 'nothing', provisioning: 'done' })
  await expect(world.run((ctx, tx) => suspendService(ctx, tx, service, 'staff'))).rejects.toMatchObject({
    ...{ code: 'conflict', detail: { also: ['Terminated'] } },
  })
})

test('a wish that comes while another is brought about wins, whichever ends first', async () => {
  const service = await world.buy(world.basic)
  const inner = recorder()
  const { calls, machine } = recorder(async call => {
    if (call === 'create') {
      // Meanwhile the service is terminated, and that job is done before this one.
      await world.run((ctx, tx) => terminateService(ctx, tx, service, 'test'))
      await bring(service, inner.machine)
    }
    return { state: 'done', externalId: 'vm-8' }
  })
  await bring(service, machine)
  expect(inner.calls).toEqual(['terminate'])
  expect(calls).toEqual(['create', 'terminate'])
  expect(await rowOf(service)).toMatchObject({ status: 'Cancelled', provisioned: 'nothing', provisioning: 'done' })
})

test('by hand: it waits until staff say that it is done', async () => {
  const service = await world.buy(await made(world.basic, 'manual'))
  await bring(service, recorder().machine)
  expect(await rowOf(service)).toMatchObject({ status: 'Pending', provisioning: 'queued' })
  await world.run((ctx, tx) => completeProvisioning(ctx, tx, service, { username: 'root' }))
  expect(await rowOf(service)).toMatchObject({ status: 'Active', provisioning: 'done', username: 'root' })
  await expect(world.run((ctx, tx) => completeProvisioning(ctx, tx, service, {}))).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('zones: as many as were bought, kept by a smaller service, gone with a terminated one', async () => {
  const service = await world.buy(await made(world.premium, 'dns', { zones: 2 }))
  const dns = dnsProvisioner({ deleteZones: deleteServiceZones })
  const bringZones = () => provision(world, { dns }, service.id)
  await bringZones()
  expect(await rowOf(service)).toMatchObject({ status: 'Active', dns_zone_limit: 2 })
  const at = world.at.now()
  for (const name of ['one.example', 'two.example']) {
    const zone = { account_id: service.accountId, service_id: service.id, name, serial: 1, created_at: at }
    await world.db
      .insertInto('dns_zone')
      .values({ ...zone, changed_at: at })
      .execute()
  }
  await world.db.updateTable('service').set({ dns_zone_count: 2 }).where('id', '=', service.id).execute()
  await made(world.premium, 'dns', { zones: 1 })
  await world.run((ctx, tx) => suspendService(ctx, tx, service, 'staff'))
  await bringZones()
  await world.run((ctx, tx) => unsuspendService(ctx, tx, service))
  await bringZones()
  expect(await rowOf(service)).toMatchObject({ dns_zone_limit: 2, dns_zone_count: 2 })
  await world.run((ctx, tx) => terminateService(ctx, tx, service, 'test'))
  await bringZones()
  const zones = await world.db.selectFrom('dns_zone').where('service_id', '=', service.id).selectAll().execute()
  expect(zones.filter(zone => zone.deleted_at === null)).toEqual([])
  expect(await rowOf(service)).toMatchObject({ dns_zone_count: 0, provisioning: 'done' })
})

/** The product, made by another provisioner from now on. */
async function made(product: TestProduct, provisioner: string, options: object = {}): Promise<TestProduct> {
  await world.db
    .updateTable('product')
    .set({ provisioner, provisioner_options: JSON.stringify(options) })
    .where('id', '=', product.id)
    .execute()
  return product
}
