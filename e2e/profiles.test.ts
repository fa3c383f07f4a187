import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { curl, newDataDir, type Program, removeDataDir, run, startProgram } from './program.ts'

/* What a brand serves, and how it answers: one data folder, started with one setting after the other. */

let dataDir: string
/** One for all: tokens are bound to the address, and hosting is to refuse one that is good. */
let port: number
beforeAll(async () => {
  port = await freePort()
  dataDir = await newDataDir()
})
afterAll(() => removeDataDir(dataDir))

async function running(flags: readonly string[], work: (program: Program) => Promise<void>): Promise<void> {
  const program = await startProgram({ dataDir, flags })
  try {
    await work(program)
  } finally {
    expect(await program.stop()).toBe(0)
  }
}

/** The status and the body that curl got. */
async function ask(...args: string[]): Promise<{ status: number; body: Record<string, unknown> }> {
  const { stdout } = await run('curl', ['-sS', '--max-time', '20', '-w', '\n%{http_code}', ...args])
  const end = stdout.lastIndexOf('\n')
  // Every answer of the API is an object.
  return { status: Number(stdout.slice(end)), body: JSON.parse(stdout.slice(0, end)) as Record<string, unknown> }
}

const login = ({ api, username, password }: Program) =>
  ask('-d', `username=${username}`, '-d', `password=${password}`, `${api}/login`)
let token: unknown

test.each([
  ['account', 21, '/logs', { basic: 401, bearer: 200, login: 200 }],
  ['hosting', 109, '/dns', { basic: 200, bearer: 401, login: 404 }],
  ['dns-only', 11, '/dns', { basic: 200, bearer: 200, login: 200 }],
  ['registrar', 83, '/dns', { basic: 200, bearer: 200, login: 200 }],
  ['full', 143, '/dns', { basic: 200, bearer: 200, login: 200 }],
] as const)('profile %s shows its %d operations and takes its sign-in alone', async (profile, count, path, taken) => {
  await running(['--profile', profile, '--port', String(port)], async program => {
    const { paths } = (await curl(`${program.url}/userapi/swagger.json`)) as { paths: Record<string, object> }
    expect(Object.values(paths).flatMap(Object.keys)).toHaveLength(count)
    const signedIn = await login(program)
    expect(signedIn.status).toBe(taken.login)
    if (taken.login === 404) expect(signedIn.body).toMatchObject({ success: false, error: ['invalid method'] })
    else token = signedIn.body.token
    const url = program.api + path
    expect((await ask('-u', `${program.username}:${program.password}`, url)).status).toBe(taken.basic)
    expect((await ask('-H', `Authorization: Bearer ${token}`, url)).status).toBe(taken.bearer)
  })
})

test('in the recorded dialect a refused change is 200 with success false, and records are an object from "0" on', async () => {
  await running(['--dialect', 'recorded'], async program => {
    const basic = ['-u', `${program.username}:${program.password}`]
    const list = await ask(...basic, `${program.api}/dns`)
    const { zones } = list.body as { zones: { domain_id: string; service_id: string }[] } // the reply of listZones
    const zone = `${program.api}/service/${zones[0]?.service_id}/dns/${zones[0]?.domain_id}`
    const refused = await ask(...basic, '-d', 'name=www&type=A&content=nonsense', `${zone}/records`)
    expect(refused).toMatchObject({ status: 200, body: { success: false, error: ['dnserripv4'] } })
    const { records } = (await ask(...basic, zone)).body as { records: Record<string, { type: string }> }
    expect(Array.isArray(records)).toBe(false)
    expect(Object.keys(records)).toEqual(Object.keys(records).map((_key, at) => String(at)))
    expect(records[0]).toMatchObject({ type: 'SOA' })
    expect((await ask('-u', 'nobody:nothing', zone)).status).toBe(401)
  })
})
