import { randomBytes } from 'node:crypto'
import { createAccount, personFields, readPerson } from '../modules/accounts/index.ts'
import { asOperator } from '../operator.ts'
import { type Command, UsageError } from './command.ts'
import { withNewApp } from './with-app.ts'

export const accountCreate: Command = {
  usage: 'account create --email E [--country CC] [--password-stdin]',
  summary: `Opens a customer account and prints its sign-in
May be given too: ${personFields.map(name => `--${name}`).join(', ')}.`,
  flags: {
    email: 'value',
    ...Object.fromEntries(personFields.map(name => [name, 'value' as const])),
    'password-stdin': 'switch',
  },
  async run(call) {
    const { email } = call.flags
    if (typeof email !== 'string') throw new UsageError('account create needs --email')
    const password = call.flags['password-stdin'] === true ? await fromStdin() : randomBytes(12).toString('base64url')
    const person = Object.fromEntries(
      personFields.flatMap(name => (call.flags[name] === undefined ? [] : [[name, String(call.flags[name])]])),
    )
    return withNewApp(call, async app => {
      const { accountId } = await asOperator(app, ctx =>
        createAccount(ctx, { email, password, person: readPerson(person) }),
      )
      const shown = call.flags['password-stdin'] === true ? {} : { password }
      process.stdout.write(
        `${JSON.stringify({ client_id: accountId, username: email.trim().toLowerCase(), ...shown })}\n`,
      )
    })
  },
}

/** A password given on the command line would show in the list of processes. */
async function fromStdin(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text.replace(/\r?\n$/, '')
}
