import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { defaultConfig } from './config.ts'
import { configurationText } from './configuration-text.ts'
import { demoSettingsFile, writeDemoSettings } from './demo-settings.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import { flagName, settings, variableNames } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'innkeeper-config-'))
function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const load = (argv: string[], env: Record<string, string> = {}) =>
  loadConfig({ argv: ['--data', folder, ...argv], env })

test('without settings everything has its default, and the public address is made of host and port', () => {
  const { config, readyJson, rest } = load([])
  expect(config).toEqual(defaultConfig(folder))
  expect([readyJson, rest]).toEqual([false, []])
  expect(load(['--port', '81', '--host=::1']).config.publicUrl).toBe('http://[::1]:81')
})

test('the flags of npm start, and the variables of the same names, are taken', () => {
  const flags = ['--port', '0', '--dns-port', '5399', '--profile', 'dns-only', '--dialect', 'recorded', '--ready-json']
  const variables = {
    DATA: folder,
    PORT: '0',
    DNS_PORT: '5399',
    PROFILE: 'dns-only',
    DIALECT: 'recorded',
    READY_JSON: '1',
  }
  const expected = { port: 0, profile: 'dns-only', dialect: 'recorded', dns: { port: 5399 }, dataDir: folder }
  expect(load(flags)).toMatchObject({ config: expected, readyJson: true })
  expect(loadConfig({ argv: [], env: variables })).toMatchObject({ config: expected, readyJson: true })
})

test('flags go before the environment, that before the file, that before the defaults', () => {
  const path = file('order.json', '{"port": 1, "brandName": "file", "dns": {"port": 1}, "logLevel": "warn"}')
  const { config } = load(['--port', '3', '--config', path], {
    INNKEEPER_PORT: '2',
    PORT: '9',
    INNKEEPER_BRAND_NAME: 'environment',
    HOST: 'not ours',
  })
  expect(config).toMatchObject({
    port: 3,
    brandName: 'environment',
    logLevel: 'warn',
    host: '127.0.0.1',
    dns: { port: 1 },
  })
  expect(load([], { INNKEEPER_PORT: '2', PORT: '9', INNKEEPER_CONFIG: path }).config.port).toBe(2)
})

test('the data folder is that of the flag, else of the environment, else of the file', () => {
  const path = file('folder.json', '{"dataDir": "/srv/file"}')
  const of = (argv: string[], env: Record<string, string>) => loadConfig({ argv, env }).config.dataDir
  expect(of(['--config', path], {})).toBe('/srv/file')
  expect(of(['--config', path], { DATA: '/srv/variable' })).toBe('/srv/variable')
  expect(of(['--config', path, '--data', '/srv/flag'], { DATA: '/srv/variable' })).toBe('/srv/flag')
  expect(of([], { INNKEEPER_CONFIG: path })).toBe('/srv/file')
  expect(of([], {})).toBe(resolve('data'))
  expect(() => of(['--data='], {})).toThrow('dataDir from --data cannot be ""')
})

test('the example of docs/operate.md can be used as it stands', () => {
  const page = readFileSync(new URL('../../../docs/operate.md', import.meta.url), 'utf8')
  const [, example = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  const { config } = loadConfig({ argv: ['--config', file('example.json', example)], env: {} })
  expect(config).toMatchObject(JSON.parse(example))
})

test('an empty variable is one that is not set', () => {
  const names = settings.flatMap(variableNames)
  const empty = Object.fromEntries([...names, 'INNKEEPER_CONFIG', 'INNKEEPER_READY_JSON'].map(name => [name, '']))
  expect(loadConfig({ argv: [], env: empty })).toEqual(loadConfig({ argv: [], env: {} }))
  expect(loadConfig({ argv: [], env: { ...empty, DATA: folder, READY_JSON: '1' } })).toMatchObject({
    ...{ config: { dataDir: folder }, readyJson: true },
  })
})

test('config.json in the data folder is found by itself', () => {
  const data = mkdtempSync(join(tmpdir(), 'innkeeper-config-'))
  writeFileSync(join(data, 'config.json'), '{"mail": {"from": "a@example.com"}, "trustedProxies": ["192.0.2.0/24"]}')
  const { config } = loadConfig({ argv: [], env: { DATA: data } })
  expect([config.mail.from, config.trustedProxies]).toEqual(['a@example.com', ['192.0.2.0/24']])
})

test('a command goes by what the demo of its data folder runs with, unless told; a start goes by its own', async () => {
  const data = mkdtempSync(join(tmpdir(), 'innkeeper-config-'))
  const demo = { ...defaultConfig(data), brandName: 'Example Hosting', port: 8081, publicUrl: 'http://127.0.0.1:8081' }
  writeFileSync(join(data, 'config.json'), '{"port": 1, "mail": {"smtpUrl": "smtp://u:hunter2@mail.example.net"}}')
  await writeDemoSettings({ ...demo, dns: { ...demo.dns, port: 5399 }, masterKey: 'hunter2' })
  const of = (argv: string[], starts = false) => loadConfig({ argv: ['--data', data, ...argv], env: {}, starts }).config
  const mail = { ...demo.mail, smtpUrl: 'smtp://u:hunter2@mail.example.net' }
  expect(of([])).toEqual({ ...demo, mail, dns: { ...demo.dns, port: 5399 } })
  expect(of(['--dns-port', '3'])).toMatchObject({ brandName: 'Example Hosting', dns: { port: 3 } })
  expect(of([], true)).toEqual({ ...defaultConfig(data), mail, port: 1, publicUrl: 'http://127.0.0.1:1' })
  expect(readFileSync(join(data, demoSettingsFile), 'utf8')).not.toContain('hunter2')
})

test('lists are separated by commas, switches need no value, and other words are left over', () => {
  const { config, rest } = load([
    'account',
    '--dns-name-servers',
    'ns1.example.com, ns2.example.com,',
    '--signup-enabled=off',
    'create',
  ])
  expect([config.dns.nameServers, config.signupEnabled]).toEqual([['ns1.example.com', 'ns2.example.com'], false])
  expect(rest).toEqual(['account', 'create'])
})

const wrong: [string, string[], Record<string, string>, string][] = [
  ['a flag nobody knows', ['--prot', '1'], {}, '--prot is not a setting'],
  ['a flag without its value', ['--port'], {}, '--port needs a value'],
  ['a port that is none', ['--port', 'http'], {}, 'port from --port cannot be "http": expected port'],
  ['a port out of range', [], { DNS_PORT: '70000' }, 'dns.port from DNS_PORT cannot be 70000'],
  [
    'a number that comes again next year',
    ['--billing-invoice-number', '{month}/{n}'],
    {},
    'billing.invoiceNumber counts anew in each {month}, so it has to name the {year} too',
  ],
  [
    'a number that two documents could have',
    ['--billing-credit-note-number', '{year}/{n}/{month}'],
    {},
    'billing.creditNoteNumber can make the same numbers as billing.invoiceNumber',
  ],
  ['a variable nobody knows', [], { INNKEEPER_PROT: '1' }, 'INNKEEPER_PROT is not a setting'],
  [
    'a profile nobody knows',
    [],
    { PROFILE: 'all' },
    'profile from PROFILE cannot be "all": expected dns-only, hosting',
  ],
  ['a key nobody knows', ['--config', file('unknown.json', '{"dns": {"prot": 1}}')], {}, 'dns.prot in'],
  ['a file value of the wrong type', ['--config', file('type.json', '{"port": "80"}')], {}, 'port from'],
  ['a file that is no JSON', ['--config', file('broken.json', '{"mail": hunter2')], {}, 'is not JSON'],
  ['a file that is not there', ['--config', '/nonexistent/x.json'], {}, 'cannot be read (ENOENT)'],
  ['a time zone nobody knows', ['--time-zone', 'Mars/Base'], {}, 'timeZone "Mars/Base" is not an IANA time zone'],
  [
    'a network that is none',
    ['--trusted-proxies', '192.0.2.1,192.0.2.0/40'],
    {},
    'trustedProxies from --trusted-proxies',
  ],
  ['TTLs out of order', ['--dns-min-ttl-seconds', '7200'], {}, 'dns.defaultTtlSeconds is not between'],
  [
    'services that end before they are stopped',
    ['--billing-terminate-after-days', '4'],
    { INNKEEPER_BILLING_SUSPEND_AFTER_DAYS: '4' },
    'billing.terminateAfterDays is not after billing.suspendAfterDays',
  ],
  [
    'PowerDNS without its key',
    ['--dns-driver', 'powerdns', '--dns-powerdns-url', 'http://192.0.2.1:8081'],
    {},
    'dns.powerdnsKey has to be set',
  ],
]
test.each(wrong)('%s stops the start, by name', (_what, argv, env, message) => {
  expect(() => load(argv, env)).toThrow(ConfigError)
  expect(() => load(argv, env)).toThrow(message)
})

test('a secret of the wrong form is not shown', () => {
  const env = { DATABASE_URL: 'mysql://ada:hunter2@db.example.net/x' }
  expect(() => load([], env)).toThrow('databaseUrl from DATABASE_URL cannot be: expected postgres URL')
  expect(() => load(['--config', file('secret.json', '{"mail": hunter2')])).toThrow(/^(?!.*hunter2)/)
})

test('every key of the configuration can be set, and no other', () => {
  const optional = [
    'databaseUrl',
    'masterKey',
    'dns.powerdnsUrl',
    'dns.powerdnsKey',
    'mail.smtpUrl',
    'seller.logo',
    'payment.stripeSecretKey',
    'payment.stripeWebhookSecret',
  ]
  const isGroup = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  const keys = Object.entries(defaultConfig(folder)).flatMap(([key, value]) =>
    isGroup(value) ? Object.keys(value).map(inner => `${key}.${inner}`) : [key],
  )
  keys.push(...optional)
  expect(settings.map(({ key }) => key).sort()).toEqual(keys.sort())
})

/** By what is expected of a value: one that fits. */
const fitting: Readonly<Record<string, unknown>> = {
  text: '/srv/innkeeper',
  'postgres URL': 'postgres://ada@db.example.net/x',
  '32 bytes or more in base64': 'A'.repeat(43),
  '3 to 500': 5,
  number: 5,
  'port, 0 for any free one': 81,
  'http or https URL': 'https://api.example.net/x',
  'smtp or smtps URL': 'smtp://mail.example.net',
  'list of addresses or CIDR networks': ['192.0.2.1', '2001:db8::/32'],
  'list of host names': ['a.example.net', 'b.example.net'],
  list: ['192.0.2.1:53', '192.0.2.2:53'],
  seconds: 7200,
  'e-mail address': 'ada@example.com',
  'ISO 3166-1 code of a country': 'FI',
  'ISO 4217 code': 'USD',
  'text with {n}': 'X{n}',
  days: 10,
  'list of days': [-7, 1],
  percent: 2.5,
}
const exceptions: Readonly<Record<string, unknown>> = { timeZone: 'Europe/Tallinn', 'dns.minTtlSeconds': 61 }

test.each(settings)('$key can be given by flag and by environment', setting => {
  const { key, schema } = setting
  const { description = '' } = schema as { description?: string } // JSON Schema
  const [outer = '', inner] = key.split('.')
  const loaded = (argv: string[], env: Record<string, string>) => {
    const powerdns = { INNKEEPER_DNS_POWERDNS_URL: 'http://192.0.2.1:8081', INNKEEPER_DNS_POWERDNS_KEY: 'x' }
    const { config } = loadConfig({ argv, env: { DATA: folder, ...powerdns, ...env } })
    const all = config as unknown as Record<string, unknown> // looked up by name
    return inner === undefined ? all[outer] : (all[outer] as Record<string, unknown>)[inner] // a group of settings
  }
  const usual = loaded([], {})
  const words = description === 'true or false' ? [true, false] : description.split(', ')
  const sample = exceptions[key] ?? fitting[description] ?? words.find(word => word !== usual)
  expect(sample).not.toEqual(usual)
  expect(loaded([`--${flagName(setting)}`, String(sample)], {})).toEqual(sample)
  for (const name of variableNames(setting)) expect(loaded([], { [name]: String(sample) }), name).toEqual(sample)
})

test('docs/configuration.md is what the settings say', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  expect(page).toBe(configurationText())
})
