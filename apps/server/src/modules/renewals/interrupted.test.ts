import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedCustomer } from '../../../test/life.ts'
import { sweepServices } from '../../../test/services.ts'
import { asSystem } from '../../operator.ts'
import { runSweep } from '../../sweep.ts'
import { cancelAtPeriodEnd } from '../services/index.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

test('a sweep whose worker stops begins nothing more, and says that it did not end', async () => {
  const stopping = new AbortController()
  const begun: string[] = []
  const sweep = {
    name: 'test',
    next: async () => Array.from({ length: 100 }, (_, index) => ({ name: `item ${index}` })),
    async carryOut(_app: unknown, { name }: { name: string }) {
      begun.push(name)
      if (begun.length === 8) stopping.abort(new Error('the worker stops'))
      await new Promise(setImmediate)
    },
  }
  await expect(runSweep(app, sweep, stopping.signal)).rejects.toThrow('the worker stops')
  expect(begun.length).toBeLessThan(16)
})

test('so do the sweeps of changes and ends', async () => {
  const endsAt = app.business.now()
  const startsAt = new Date(endsAt.getTime() - 30 * 86_400_000)
  const { serviceIds, accountId } = await seedCustomer(app, [{ cycle: 'm', startsAt, endsAt }])
  await asSystem(app, async ctx =>
    cancelAtPeriodEnd(ctx, await ctx.begin(), { id: serviceIds[0] ?? '', accountId }, 'not needed'),
  )
  const statusOf = async () =>
    (
      await app.db
        .selectFrom('service')
        .select('status')
        .where('id', '=', serviceIds[0] ?? '')
        .executeTakeFirst()
    )?.status
  await expect(sweepServices(app, AbortSignal.abort(new Error('the worker stops')))).rejects.toThrow('the worker stops')
  expect(await statusOf()).toBe('Active')
  await sweepServices(app)
  expect(await statusOf()).toBe('Cancelled')
})
