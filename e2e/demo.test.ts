import { expect, test } from 'vitest'
import { curl, innkeeper, newDataDir, type Program, removeDataDir, startProgram } from './program.ts'

test('after demo reset the next start makes a new demo, which signs in and knows nothing of the old one', async () => {
  const dataDir = await newDataDir()
  const old = await startProgram({ dataDir })
  const service = (await zonesOf(old)).service_ids[0]
  const basic = ['-u', `${old.username}:${old.password}`]
  expect(await curl(...basic, '-d', 'name=extra.example', `${old.api}/service/${service}/dns`)).toMatchObject({
    success: true,
  })
  expect(await old.stop()).toBe(0)

  expect(await innkeeper(['demo', 'reset', '--data', dataDir])).toMatchObject({ code: 0, err: '' })

  const fresh = await startProgram({ dataDir })
  expect(fresh.password).not.toBe(old.password)
  expect((await zonesOf(fresh)).zones.map(({ name }) => name)).toEqual(['example.test'])
  expect(await curl(...basic, `${fresh.api}/dns`)).toMatchObject({ error: expect.arrayContaining(['unauthorized']) })
  const login = ['-d', `username=${fresh.username}`, '-d', `password=${fresh.password}`, `${fresh.api}/login`]
  expect(await curl(...login)).toMatchObject({ token: expect.stringContaining('.') })
  expect(await fresh.stop()).toBe(0)
  await removeDataDir(dataDir)
})

async function zonesOf({ api, username, password }: Program) {
  const list = await curl('-u', `${username}:${password}`, `${api}/dns`)
  return list as { service_ids: string[]; zones: { name: string }[] } // the reply of listZones
}
