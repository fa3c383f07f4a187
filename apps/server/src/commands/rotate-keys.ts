import { rotateKeys } from '../modules/sessions/index.ts'
import type { Command } from './command.ts'
import { withApp } from './with-app.ts'

export const rotateKeysCommand: Command = {
  usage: 'keys rotate',
  summary: 'Makes a new key that signs access tokens; tokens of the old one stay good until they expire',
  run: call =>
    withApp(call, async app => {
      await rotateKeys(app)
      process.stdout.write('A new key signs from now on.\n')
    }),
}
