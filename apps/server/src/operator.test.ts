import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../test/app.ts'
import { seedAccount } from '../test/seed.ts'
import type { Context } from './context.ts'
import { runSql, type Tx } from './db/database.ts'
import { asOperator, asSystem } from './operator.ts'
import { separately } from './separately.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

type Work<T> = (ctx: Context, tx: Tx) => Promise<T>
const ways = {
  'for the operator': <T>(work: Work<T>) => asOperator(app, async ctx => work(ctx, await ctx.begin())),
  'for the system': <T>(work: Work<T>) => asSystem(app, async ctx => work(ctx, await ctx.begin())),
  'beside another': <T>(work: Work<T>) => asSystem(app, ctx => separately(ctx, work)),
}
const names = Object.keys(ways) as (keyof typeof ways)[] // those above

test.each(names)(
  'of two %s that wait for each other, PostgreSQL stops one, and that does its work again',
  async name => {
    const [one, other] = [(await seedAccount(app)).accountId, (await seedAccount(app)).accountId]
    const lock = (tx: Tx, id: string) => runSql(tx, 'select 1 from account where id = $1 for update', [id])
    let arrived = 0
    let open = () => {}
    const bothHaveOne = new Promise<void>(resolve => {
      open = resolve
    })
    const committed: string[] = []
    const crosswise = async (first: string, second: string) => {
      let tries = 0
      await ways[name](async (ctx, tx) => {
        tries++
        await lock(tx, first)
        if (++arrived === 2) open()
        await bothHaveOne
        await lock(tx, second)
        ctx.afterCommit(() => committed.push(first))
      })
      return tries
    }
    const tries = await Promise.all([crosswise(one, other), crosswise(other, one)])
    expect(tries.sort()).toEqual([1, 2])
    expect(committed.sort()).toEqual([one, other].sort())
  },
)
