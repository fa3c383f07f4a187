import { afterAll, beforeAll, expect, test } from 'vitest'
import { curl, dig, eventually, type Program, removeDataDir, startProgram } from './program.ts'

/* A zone and a record made with curl by each form of request that clients in the field send; dig gets the answers. */

let program: Program
let service: string
let token: string

beforeAll(async () => {
  program = await startProgram()
  const signedIn = await curl(
    '-d',
    `username=${program.username}`,
    '-d',
    `password=${program.password}`,
    `${program.api}/login`,
  )
  token = signedIn.token as string // a failed sign-in fails every test below
  const zones = (await curl('-H', `Authorization: Bearer ${token}`, `${program.api}/dns`)) as { service_ids: string[] }
  service = zones.service_ids[0] ?? ''
})
afterAll(async () => {
  expect(await program.stop()).toBe(0)
  await removeDataDir(program.dataDir)
})

test('the demo zone is answered from the start', async () => {
  expect(await dig(program.dnsPort, 'www.example.test', 'A')).toEqual(['192.0.2.80'])
})

type Form = (path: string, fields: Record<string, string>, method?: string) => string[]
const body = (fields: Record<string, string>) =>
  Object.entries(fields).flatMap(([k, v]) => ['--data-urlencode', `${k}=${v}`])
const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

const forms: Record<string, Form> = {
  json: (path, fields) => ['-H', 'Content-Type: application/json', '-d', JSON.stringify(fields), path],
  'url-encoded': (path, fields) => [...body(fields), path],
  multipart: (path, fields) => [...Object.entries(fields).flatMap(([k, v]) => ['-F', `${k}=${v}`]), path],
  'everything in the query': (path, fields) => ['-X', 'POST', `${path}?${query(fields)}`],
  'query, empty json body': (path, fields) => [
    ...['-X', 'POST', '-H', 'Content-Type: application/json', '-H', 'Content-Length: 0'],
    `${path}?${query(fields)}`,
  ],
  'odd Accept-Encoding and trailing slash': (path, fields) => [
    '-H',
    'Accept-Encoding: utf-8',
    ...body(fields),
    `${path}/`,
  ],
}

test.each(Object.entries(forms))('%s: zone and record are created, and dig gets the answer', async (title, form) => {
  const zone = `${title.replaceAll(/[^a-z]+/g, '-')}.test`
  const bearer = ['-H', `Authorization: Bearer ${token}`]
  const created = await curl(...bearer, ...form(`${program.api}/service/${service}/dns`, { name: zone }))
  expect(created).toMatchObject({ success: true })
  const zoneUrl = `${program.api}/service/${service}/dns/${created.zone_id}`
  const record = { name: 'www', type: 'A', content: '192.0.2.7', ttl: '300' }
  const added = await curl(...bearer, ...form(`${zoneUrl}/records`, record))
  expect(added).toMatchObject({ success: true, info: ['dnsnewrecordadded', 'A'] })
  const ask = () => dig(program.dnsPort, `www.${zone}`, 'A')
  expect(await eventually(ask, lines => lines.length > 0)).toEqual(['192.0.2.7'])
})

test('Basic sign-in with PHP brackets on PUT changes a record', async () => {
  const basic = ['-u', `${program.username}:${program.password}`]
  const { zones } = (await curl(...basic, `${program.api}/dns`)) as { zones: { domain_id: string; name: string }[] }
  const zone = zones.find(each => each.name === 'example.test')
  const zoneUrl = `${program.api}/service/${service}/dns/${zone?.domain_id}`
  const added = (await curl(
    ...basic,
    '-d',
    'name=_xmpp._tcp',
    '-d',
    'type=SRV',
    '-d',
    'priority=10',
    '-d',
    'ttl=60',
    '-d',
    'content[0]=5',
    '-d',
    'content[1]=5060',
    '-d',
    'content[2]=www.example.test',
    `${zoneUrl}/records`,
  )) as { record: { id: string } }
  const changed = await curl(
    ...basic,
    '-X',
    'PUT',
    '-d',
    'content[]=6',
    '-d',
    'content[]=5061',
    '-d',
    'content[]=www.example.test',
    `${zoneUrl}/records/${added.record.id}`,
  )
  expect(changed).toMatchObject({ success: true })
  const ask = () => dig(program.dnsPort, '_xmpp._tcp.example.test', 'SRV')
  expect(await eventually(ask, lines => lines[0]?.startsWith('10 6 ') ?? false)).toEqual([
    '10 6 5061 www.example.test.',
  ])
  expect(await curl(...basic, '-X', 'DELETE', `${zoneUrl}/records/${added.record.id}`)).toEqual({ success: true })
})

test('a wrong password and a broken body are told apart and told clearly', async () => {
  expect(await curl('-u', `${program.username}:nonsense`, `${program.api}/dns`)).toMatchObject({
    success: false,
    error: ['wronglogin', 'unauthorized'],
  })
  expect(
    await curl('-H', 'Content-Type: application/json', '-d', '{"username":', `${program.api}/login`),
  ).toMatchObject({
    success: false,
    error: ['bad_request'],
  })
})
