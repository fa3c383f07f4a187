import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, SellerConfig } from '../config.ts'
import { removeEmbedded } from '../db/embedded/remove.ts'
import { type DemoSignIn, ensureDemo } from '../demo.ts'
import { demoSettingsFile, writeDemoSettings } from '../demo-settings.ts'
import { demoStaffFile, ensureDemoStaff } from '../demo-staff.ts'
import { createLog } from '../log.ts'
import { everyRole, type Node, startNode } from '../node.ts'
import { type Command, settingsOf, UsageError } from './command.ts'
import { untilTold } from './until-told.ts'

export const demo: Command = {
  usage: 'demo [--ready-json]',
  summary: 'Everything, with a demo provider and a printed sign-in',
  async run(call) {
    const { config, readyJson } = settingsOf(call, true)
    // The screen is for the sign-in; what goes wrong is still shown.
    const log = createLog({ logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel }, process.stderr)
    if (!readyJson) process.stdout.write('Innkeeper starts; the first time it sets up its database.\n')
    const start = async () => {
      const node = await startNode(asDemo(config), everyRole, log)
      try {
        const {
          config,
          config: { dns },
        } = node.app
        await writeDemoSettings({ ...config, dns: { ...dns, port: node.dnsPort ?? dns.port } })
        return { ...node, signIn: await ensureDemo(node.app), staff: await ensureDemoStaff(node.app) }
      } catch (error) {
        await node.stop()
        throw error
      }
    }
    await untilTold(start, started => process.stdout.write(readyJson ? readyLine(started) : greeting(started)))
    return 0
  },
}

/**
 * Whoever tries things out, or tests their scripts against it, opens accounts as they like and moves the clock of money.
 * Somebody has to sell, or no invoice would show a tax or where to pay it to.
 */
function asDemo(config: Config): Config {
  const seller: SellerConfig = {
    ...config.seller,
    name: 'Example Hosting',
    address1: 'Pikk 1',
    city: 'Tallinn',
    postcode: '10123',
    country: 'EE',
    vatNumber: 'EE100000000',
    iban: 'EE382200221020145685',
    bic: 'HABAEE2X',
  }
  return {
    ...config,
    brandName: config.brandName === 'Innkeeper' ? seller.name : config.brandName,
    signupsPerHour: 0,
    testMode: true,
    seller: config.seller.vatNumber === '' && config.seller.iban === '' ? seller : config.seller,
  }
}

type Demo = Node & { readonly signIn: DemoSignIn; readonly staff: Awaited<ReturnType<typeof ensureDemoStaff>> }

/** One line for programs that start the demo: where everything is. */
function readyLine({ url, dnsPort, signIn, staff }: Demo): string {
  return `${JSON.stringify({ url, api: `${url}/api`, ...signIn, dnsPort, staff: { api: `${url}/admin/api`, ...staff } })}\n`
}

function greeting({ app, url, dnsPort, signIn, staff }: Demo): string {
  return `
Innkeeper is ready. Ctrl-C stops it.

  API         ${url}/api
  Reference   ${url}/userapi
  Sign in as  ${signIn.username}
  Password    ${signIn.password}
  DNS         dig @127.0.0.1 -p ${dnsPort ?? 53} www.example.test
  Data        ${app.config.dataDir}
  Mail        ${app.config.mail.smtpUrl === undefined ? `${join(app.config.dataDir, 'mail')}, within a minute` : 'sent'}

  Staff       ${url}/admin/api, described at ${url}/adminapi
  Sign in as  ${staff.email}
  Password    ${staff.password}
  One-time    ${staff.totpUri}

Try:  curl -u ${signIn.username}:${signIn.password} ${url}/api/dns

`
}

export const demoReset: Command = {
  usage: 'demo reset --data DIR',
  summary: 'Throws the demo away: the next start makes a new one',
  async run(call) {
    const { config } = settingsOf(call)
    if (config.databaseUrl !== undefined) throw new UsageError('demo reset is for the embedded database only')
    // Made by the demo and by nothing else: without it the folder holds somebody's customers.
    if (!existsSync(join(config.dataDir, 'demo.json')))
      throw new UsageError(`there is no demo in ${config.dataDir}: it has no demo.json`)
    await removeEmbedded(config.dataDir)
    for (const name of ['demo.json', demoStaffFile, demoSettingsFile, 'mail'])
      await rm(join(config.dataDir, name), { recursive: true, force: true })
    process.stdout.write('The demo is gone; npm start makes a new one.\n')
    return 0
  },
}
