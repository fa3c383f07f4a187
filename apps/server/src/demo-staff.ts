import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from './context.ts'
import { createOnce } from './create-once.ts'
import { newTotpSecret, totpUri } from './modules/sessions/index.ts'
import { createMember, selectMember } from './modules/staff/index.ts'
import { asOperator } from './operator.ts'

/** An owner of the demo provider. */
export interface DemoStaff {
  readonly email: string
  readonly password: string
  /** Base32, for an authenticator. */
  readonly totpSecret: string
}

/** Where it is kept, so that a later start prints the same; only its owner reads it. */
export const demoStaffFile = 'demo-staff.json'

/** Somebody to try the staff API with. Made once for a data folder. */
export async function ensureDemoStaff(app: App): Promise<DemoStaff & { readonly totpUri: string }> {
  const staff = await demoStaff(join(app.config.dataDir, demoStaffFile))
  const { email, password, totpSecret } = staff
  if ((await selectMember(app.db, { email })) === undefined)
    await asOperator(app, ctx => createMember(ctx, { email, role: 'owner', name: 'Demo', password, totpSecret }))
  return { ...staff, totpUri: totpUri(totpSecret, `${app.config.brandName} Staff`, email) }
}

async function demoStaff(file: string): Promise<DemoStaff> {
  const read = async () => JSON.parse(await readFile(file, 'utf8')) as DemoStaff // written below
  const known = await read().catch(() => undefined)
  if (known !== undefined) return known
  const password = randomBytes(12).toString('base64url')
  const made: DemoStaff = { email: 'staff@example.test', password, totpSecret: newTotpSecret() }
  await createOnce(file, `${JSON.stringify(made)}\n`)
  return read()
}
