import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { innkeeper, type Program, removeDataDir, run, startProgram } from './program.ts'
import { codeOf, type StaffCall, signInStaff } from './staff.ts'

/* The staff API as its people meet it: the sign-in that the demo prints, the one of the command line, and the samples. */

let program: Program
let folder: string
let token: string
let call: StaffCall
beforeAll(async () => {
  program = await startProgram()
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-staff-'))
  const signedIn = await signInStaff(program)
  token = signedIn.token
  call = signedIn.call
})
afterAll(async () => {
  await program.stop()
  await removeDataDir(program.dataDir)
  await rm(folder, { recursive: true })
})

test('the sign-in that the demo prints is an owner’s', async () => {
  expect(await call('GET', '/me')).toMatchObject({ staff: { email: program.staff.email, role: 'owner' } })
})

test('somebody added on the command line signs in with a password of their own, and a reset ends that', async () => {
  const here = ['--data', program.dataDir, '--email', 'New@example.net']
  const made = await innkeeper(['staff', 'create', '--role', 'support', ...here])
  expect(made).toMatchObject({ code: 0, err: '' })
  const first = JSON.parse(made.out) as { email: string; password: string; totp_uri: string }
  const asked = await call('POST', '/login', { email: first.email, password: first.password })
  expect(asked.needs).toEqual(['code', 'password'])
  const answer = { challenge: asked.challenge, code: codeOf(first.totp_uri), password: 'words of my own' }
  const signedIn = await call('POST', '/login/verify', answer)
  expect(signedIn).toMatchObject({ success: true, staff: { email: 'new@example.net', role: 'support' } })

  const reset = JSON.parse((await innkeeper(['staff', 'reset', ...here])).out) as { password: string; totp_uri: string }
  expect(reset.totp_uri).not.toBe(first.totp_uri)
  const me = await fetch(`${program.staff.api}/me`, { headers: { authorization: `Bearer ${signedIn.token}` } })
  expect(me.status).toBe(401)
  expect(await call('POST', '/login', { email: first.email, password: 'words of my own' })).toMatchObject({
    error: ['wronglogin'],
  })
})

test.each([
  [['--role', 'support'], 'needs --email'],
  [['--email', 'a@example.net', '--role', 'king'], 'owner, billing, support, readonly'],
  [['--email', 'nobody', '--role', 'support'], 'field_format_error'],
  [['--email', 'staff@example.test', '--role', 'support'], 'useralreadyexistsemail_error'],
])('staff create %j says what is wrong', async (words, message) => {
  const { code, err } = await innkeeper(['staff', 'create', ...words, '--data', program.dataDir])
  expect([code, err]).toEqual([2, expect.stringContaining(message)])
})

test('the samples of the page that only read succeed as they stand, in each language', async () => {
  const document = (await (await fetch(`${program.url}/adminapi/openapi.json`)).json()) as {
    paths: Record<string, { get?: { operationId: string; 'x-codeSamples': { lang: string; source: string }[] } }>
  }
  const reading = Object.entries(document.paths).flatMap(([path, { get }]) =>
    get === undefined || path.includes('{') ? [] : [get],
  )
  const commands: Readonly<Record<string, readonly string[]>> = {
    shell: ['bash'],
    python: ['python3'],
    typescript: [process.execPath, '--import', import.meta.resolve('tsx')],
  }
  const endings: Readonly<Record<string, string>> = { shell: 'sh', python: 'py', typescript: 'ts' }
  const failed: string[] = []
  for (const { operationId, 'x-codeSamples': samples } of reading) {
    for (const { lang, source } of samples) {
      const [command, ...words] = commands[lang] ?? []
      if (command === undefined) continue
      const file = join(folder, `${operationId}.${endings[lang]}`)
      await writeFile(file, source.replaceAll('YOUR_TOKEN', token))
      const { stdout } = await run(command, [...words, file], { cwd: folder }).catch(error => ({
        stdout: String(error),
      }))
      if (stdout.trim() === '' || /"?error"?/.test(stdout.replaceAll(/provisioning_error|"error": ?""|error: ''/g, '')))
        failed.push(`${operationId} in ${lang}: ${stdout}`)
    }
  }
  expect(failed).toEqual([])
  expect(reading.length).toBeGreaterThan(10)
}, 180_000)
