import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { curl, eventually, innkeeper, newDataDir, type Program, removeDataDir, startProgram } from './program.ts'
import { signInStaff } from './staff.ts'

/* What an operator types, beside a running program and without one. */

let program: Program
beforeAll(async () => {
  program = await startProgram()
})
afterAll(async () => {
  await program.stop()
  await removeDataDir(program.dataDir)
})

const here = () => ['--data', program.dataDir]

test('an account made beside the running server signs in, and its service takes zones', async () => {
  const made = await innkeeper(['account', 'create', '--email', 'Op@example.com', '--firstname', 'Olga', ...here()])
  expect(made).toMatchObject({ code: 0, err: '' })
  const { username, password } = JSON.parse(made.out) as { username: string; password: string }
  expect(username).toBe('op@example.com')
  const added = await innkeeper([
    'service',
    'add',
    '--email',
    username,
    '--zones',
    '1',
    '--product',
    'One zone',
    ...here(),
  ])
  const { service_id } = JSON.parse(added.out) as { service_id: string }
  const basic = ['-u', `${username}:${password}`]
  const zones = `${program.api}/service/${service_id}/dns`
  expect(await curl(...basic, '-d', 'name=first.example', zones)).toMatchObject({ success: true })
  expect(await curl(...basic, '-d', 'name=second.example', zones)).toMatchObject({ error: ['dnszone_limit'] })
})

test('the limit that is named counts for the service, whatever its product has', async () => {
  const words = ['account', 'create', '--email', 'limit@example.com', ...here()]
  const { username, password } = JSON.parse((await innkeeper(words)).out) as { username: string; password: string }
  const add = async (limit: string) => {
    const added = await innkeeper(['service', 'add', '--email', username, '--zones', limit, ...here()])
    return (JSON.parse(added.out) as { service_id: string }).service_id
  }
  await add('5')
  const zones = `${program.api}/service/${await add('1')}/dns`
  const basic = ['-u', `${username}:${password}`]
  expect(await curl(...basic, '-d', 'name=one.example', zones)).toMatchObject({ success: true })
  expect(await curl(...basic, '-d', 'name=two.example', zones)).toMatchObject({ error: ['dnszone_limit'] })
})

test('a password comes from standard input and is not shown', async () => {
  const words = ['account', 'create', '--email', 'quiet@example.com', '--password-stdin', ...here()]
  const made = await innkeeper(words, 'a long password\n')
  expect(made.code).toBe(0)
  expect(made.out).not.toContain('a long password')
  expect(await curl('-u', 'quiet@example.com:a long password', `${program.api}/details`)).toHaveProperty('client')
})

test('all that invoices and their tax are made from can be given with a new account', async () => {
  const person = {
    firstname: 'Ada',
    lastname: 'Byron',
    companyname: 'Engines OÜ',
    address1: 'Pikk 1',
    address2: 'Flat 2',
    city: 'Tallinn',
    state: 'Harju',
    postcode: '10123',
    country: 'EE',
    phonenumber: '+372.5551234',
    vateu: 'EE100000001',
  }
  const sent = { ...person, country: 'ee', vateu: 'EE 100.000.001' }
  const flags = Object.entries(sent).flatMap(([name, value]) => [`--${name}`, value])
  const help = await innkeeper(['account', 'create', '--help'])
  for (const name of Object.keys(person)) expect(help.out).toContain(`--${name}`)
  const made = await innkeeper(['account', 'create', '--email', 'flags@example.com', ...flags, ...here()])
  expect(made).toMatchObject({ code: 0, err: '' })
  const { client_id, username, password } = JSON.parse(made.out) as Record<string, string>
  const { client } = await curl('-u', `${username}:${password}`, `${program.api}/details`)
  const { vateu, ...shown } = person
  expect(client).toMatchObject({ id: client_id, email: 'flags@example.com', ...shown })
  // The published answer does not say the VAT number; the staff sees it.
  const { call } = await signInStaff(program)
  expect((await call('GET', `/clients/${client_id}`)).client).toMatchObject({ vat_number: vateu })
}, 60_000)

test('a catalogue is shown before it is imported, and sold by the running server after', {
  timeout: 90_000,
}, async () => {
  const file = join(program.dataDir, 'more.yaml')
  const shelf = 'categories: { shelf: { name: Shelf } }'
  const tin = 'products: { tin: { category: shelf, name: Tin, paytype: Free } }'
  await writeFile(file, [shelf, tin, 'tlds: {}', 'promo_codes: {}'].join('\n'))
  const basic = ['-u', `${program.username}:${program.password}`]
  const slugs = async () => {
    const list = await curl(...basic, `${program.api}/category`)
    return (list as { categories: { slug: string }[] }).categories.map(({ slug }) => slug)
  }
  const before = await slugs()
  const planned = await innkeeper(['catalog', 'import', file, ...here()])
  expect(planned).toMatchObject({ code: 0, err: '' })
  expect(planned.out).toContain('+ products/tin  "Tin"\n')
  expect(planned.out).toContain('- products/web-s  "Web hosting S" retired\n')
  expect(planned.out).toContain('Nothing was changed')
  expect(await slugs()).toEqual(before)
  expect((await innkeeper(['catalog', 'import', file, '--yes', ...here()])).out).toContain('Done.\n')
  expect(await slugs()).toEqual(['shelf'])
  expect((await innkeeper(['catalog', 'import', file, ...here()])).out).toBe('Nothing changes.\n')
})

test.each([
  [['catalog', 'import'], 'name one file'],
  [['catalog', 'import', 'nowhere.yaml'], 'no such file'],
  [['account', 'create', '--email', 'demo@example.test'], 'useralreadyexistsemail_error'],
  [['account', 'create'], 'needs --email'],
  [['account', 'create', '--email', 'nobody'], 'email has the wrong form, or is out of range (field_format_error)'],
  [['tax', 'set', 'EE', 'abc', '2027-01-01'], 'percent has the wrong form'],
  [
    ['account', 'create', '--email', 'no@example.com', '--country', 'EST'],
    'country has the wrong form, or is out of range (field_format_error)',
  ],
  [['account', 'create', '--email', 'no@example.com', '--country', 'ZZ'], 'country has the wrong form'],
  [['tax', 'set', 'XX', '20', '2027-01-01'], 'country has the wrong form'],
  [['doctor', '--seller-country', 'EL'], 'seller.country from --seller-country cannot be "EL": expected ISO 3166-1'],
  [['account', 'create', '--email', 'no@example.com', '--vateu', '12'], 'vateu has the wrong form'],
  [['account', 'create', '--email', 'no@example.com', '--phonenumber', 'x'], 'phonenumber has the wrong form'],
  [['account', 'create', '--email', 'no@example.com', '--firstname'], '--firstname needs a value'],
  [['account', 'create', '--email', 'no@example.com', '--nickname', 'x'], '--nickname is not a setting'],
  [['service', 'add', '--email', 'stranger@example.com'], 'nobody signs in as'],
  [['serve', '--portt', '1'], '--portt is not a setting'],
  [['serve', '--port', 'http'], 'port from --port'],
  [['jobs', '--retry', 'abc'], '--retry takes the id of a job'],
  [['jobs', '--retry', '7'], 'no dead job 7'],
  [['fly'], 'there is no command "fly"; "innkeeper help" lists them'],
  [['jbos'], 'did you mean "jobs"?'],
])('%j is refused in one clear line', async (words, message) => {
  const { code, out, err } = await innkeeper([...words, ...here()])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(message)
  expect(err.split('\n')).toEqual([expect.stringMatching(/^innkeeper: /), ''])
  expect(err).not.toMatch(/^\s+at /m)
})

test('doctor finds the running program healthy, by the settings that the demo runs with', async () => {
  const { code, out } = await innkeeper(['doctor', ...here()])
  expect(out).not.toContain('PROBLEM')
  expect(out).toContain(`ok       name server (builtin, answers on port ${program.dnsPort})`)
  expect(out).toContain('ok       seller (Example Hosting, EE)')
  expect(code).toBe(0)
  for (const what of ['database', 'migrations', 'master key', 'clock', 'name server'])
    expect(out).toContain(`ok       ${what}`)
})

test('doctor says what is wrong and what to do', async () => {
  const silent = await innkeeper(['doctor', ...here(), '--dns-port', '1'])
  expect(silent.code).toBe(1)
  expect(silent.out).toMatch(/PROBLEM {2}name server: no answer on 127\.0\.0\.1 port 1/)
  const unreachable = await innkeeper(['doctor', ...here()], '', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  expect(unreachable.code).toBe(1)
  expect(unreachable.out).toContain('PROBLEM  database')
  expect(unreachable.out.match(/PROBLEM/g)).toHaveLength(1)
  const key = Buffer.alloc(32, 9).toString('base64')
  const wrongKey = await innkeeper(['doctor', ...here(), '--dns-port', String(program.dnsPort)], '', {
    INNKEEPER_MASTER_KEY: key,
  })
  expect(wrongKey.out).toContain('PROBLEM  master key')
})

test('doctor advises who could not be paid, and is content all the same', async () => {
  const dataDir = await newDataDir()
  await innkeeper(['migrate', '--data', dataDir])
  const { out } = await innkeeper(['doctor', '--data', dataDir])
  expect(out).toContain('ADVICE   ways to pay: there are none')
  expect(out).toContain(
    'ADVICE   seller: invoices lack seller.address1, seller.city, seller.postcode, seller.vatNumber, seller.iban',
  )
  await removeDataDir(dataDir)
})

test('doctor gives advice with what to do, and none to who followed it; neither is a problem', async () => {
  const ask = (env: Record<string, string>, ...words: string[]) => innkeeper(['doctor', ...here(), ...words], '', env)
  const advised = await ask({}, '--seller-vat-number=', '--seller-iban=')
  expect(advised.code).toBe(0)
  const advice = advised.out.split('\n').flatMap((line, index, lines) => {
    return line.startsWith('ADVICE') ? [[line, lines[index + 1]]] : []
  })
  expect(advice).toEqual([
    ['ADVICE   ways to pay: stripe not configured and so not offered', expect.stringMatching(/^ +→ .*set the keys/)],
    [
      'ADVICE   seller: invoices lack seller.vatNumber, seller.iban',
      expect.stringMatching(/^ +→ set them before the first invoice/),
    ],
  ])
  const followed = await ask({
    INNKEEPER_PAYMENT_STRIPE_SECRET_KEY: 'sk_test_1',
    INNKEEPER_SELLER_NAME: 'Example Hosting OÜ',
    INNKEEPER_SELLER_ADDRESS1: 'Pikk 1',
    INNKEEPER_SELLER_CITY: 'Tallinn',
    INNKEEPER_SELLER_POSTCODE: '10123',
    INNKEEPER_SELLER_VAT_NUMBER: 'EE100000000',
    INNKEEPER_SELLER_IBAN: 'EE382200221020145685',
  })
  expect(followed.code).toBe(0)
  expect(followed.out).not.toMatch(/ADVICE|PROBLEM/)
  expect(followed.out).toMatch(/^ok {7}ways to pay \(.*stripe.*\)$/m)
  expect(followed.out).toContain('ok       seller (Example Hosting OÜ, EE)')
}, 60_000)

test('of a database that is new, doctor says only that migrations did not run', async () => {
  const dataDir = await newDataDir()
  const { code, out } = await innkeeper(['doctor', '--data', dataDir])
  expect(code).toBe(1)
  expect(out.match(/PROBLEM.*/g)).toEqual([expect.stringMatching(/migrations: .* did not run yet/)])
  await removeDataDir(dataDir)
})

test('doctor makes nothing where there is nothing', async () => {
  const parent = await newDataDir()
  const { code, out } = await innkeeper(['doctor', '--data', join(parent, 'typo')])
  expect(code).toBe(1)
  expect(out).toMatch(/PROBLEM {2}data folder: .*typo does not exist\n.*--data/)
  expect(await readdir(parent)).toEqual([])
  await removeDataDir(parent)
})

test.each(['audit money', 'jobs', 'tax', 'tax set EE 24 2030-01-01', 'backup /nonexistent/monday', 'keys rotate'])(
  'where nothing is, "%s" says so and makes nothing',
  async command => {
    const parent = await newDataDir()
    const { code, out, err } = await innkeeper([...command.split(' '), '--data', join(parent, 'typo')])
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(/there is no installation in \S+typo: .*--data/)])
    expect(await readdir(parent)).toEqual([])
    await removeDataDir(parent)
  },
)

test('a folder of something else is no installation', async () => {
  const dataDir = await newDataDir()
  await writeFile(join(dataDir, 'notes.txt'), 'of somebody')
  expect(await innkeeper(['audit', 'money', '--data', dataDir])).toMatchObject({ code: 2, out: '' })
  expect(await readdir(dataDir)).toEqual(['notes.txt'])
  await removeDataDir(dataDir)
})

test.each([
  'migrate',
  'account create --email ada@example.com',
  'staff create --email boss@example.com --role owner',
  'catalog import apps/server/demo/catalogue.yaml',
])(
  'an operator may begin with "%s"',
  async command => {
    const dataDir = await newDataDir()
    const folder = join(dataDir, 'new')
    expect(await innkeeper([...command.split(' '), '--data', folder])).toMatchObject({ code: 0, err: '' })
    expect(await innkeeper(['audit', 'money', '--data', folder])).toMatchObject({ code: 0, err: '' })
    await removeDataDir(dataDir)
  },
  60_000,
)

test('the demo is not thrown away under a running program', async () => {
  const { code, err } = await innkeeper(['demo', 'reset', ...here()])
  expect(code).not.toBe(0)
  expect(err).toContain('stop the program')
  expect((await stat(join(program.dataDir, 'demo.json'))).isFile()).toBe(true)
})

test('what is no demo is not thrown away', async () => {
  const dataDir = await newDataDir()
  await innkeeper(['migrate', '--data', dataDir])
  const { code, err } = await innkeeper(['demo', 'reset', '--data', dataDir])
  expect(code).toBe(2)
  expect(err).toContain('there is no demo in')
  expect((await stat(join(dataDir, 'pg-data'))).isDirectory()).toBe(true)
  await removeDataDir(dataDir)
})

test('a backup of the running server comes back in another place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-backup-'))
  const saved = join(folder, 'monday')
  expect(await innkeeper(['backup', saved, ...here()])).toMatchObject({ code: 0, err: '' })
  const dataDir = await newDataDir()
  expect(await innkeeper(['restore', saved, '--data', dataDir])).toMatchObject({ code: 0, err: '' })
  const again = await innkeeper(['restore', saved, '--data', dataDir])
  expect(again.code).not.toBe(0)
  await removeDataDir(dataDir)
  await rm(folder, { recursive: true })
})

test('a port that is taken is told with the setting that changes it', async () => {
  const dataDir = await newDataDir()
  const taken = (flags: readonly string[]) => innkeeper(['demo', '--data', dataDir, ...flags])
  const dns = await taken(['--port', '0', '--dns-port', String(program.dnsPort)])
  expect(dns).toMatchObject({ code: 2, err: expect.stringMatching(/port \d+ is taken .*--dns-port \(or DNS_PORT\)/) })
  const http = await taken(['--dns-port', '0', '--port', new URL(program.url).port])
  expect(http).toMatchObject({ code: 2, err: expect.stringMatching(/port \d+ is taken .*--port \(or PORT\)/) })
  await removeDataDir(dataDir)
})

test('a word that means nothing is refused and not passed over', async () => {
  const refused = (...words: string[]) => innkeeper([...words, ...here()])
  expect(await refused('demo', '8081')).toMatchObject({ code: 2, err: expect.stringContaining('"8081"') })
  expect(await refused('doctor', 'now')).toMatchObject({ code: 2, err: expect.stringContaining('"now"') })
  expect(await refused('docter')).toMatchObject({ code: 2, err: expect.stringContaining('no command "docter') })
})

test('what a command refuses is told in words', async () => {
  const { code, err } = await innkeeper(['account', 'create', '--email', 'nonsense', ...here()])
  expect(code).toBe(2)
  expect(err).toMatch(/^innkeeper: email has the wrong form.* \(field_format_error\)\n$/)
})

test('a rotated key signs what the running program hands out from now on, and tokens of the old one stay good', async () => {
  const signIn = () =>
    curl('-d', `username=${program.username}`, '-d', `password=${program.password}`, `${program.api}/login`)
  const kidOf = ({ token }: Record<string, unknown>): string => {
    const header = Buffer.from(String(token).split('.')[0] ?? '', 'base64url')
    return (JSON.parse(header.toString()) as { kid: string }).kid // RFC 7515 §4.1.4
  }
  const old = await signIn()
  expect(await innkeeper(['keys', 'rotate', ...here()])).toMatchObject({ code: 0, err: '' })
  const fresh = await eventually(signIn, answer => kidOf(answer) !== kidOf(old))
  expect(kidOf(fresh)).not.toBe(kidOf(old))
  const { keys } = (await curl(`${program.url}/.well-known/jwks.json`)) as { keys: { kid: string }[] }
  expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([kidOf(old), kidOf(fresh)]))
  for (const { token } of [old, fresh])
    expect(await curl('-H', `Authorization: Bearer ${token}`, `${program.api}/details`)).toHaveProperty('client')
})
