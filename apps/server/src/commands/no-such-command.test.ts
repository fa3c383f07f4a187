import { expect, test } from 'vitest'
import { noSuchCommand } from './no-such-command.ts'

const names = ['serve', 'simulate', 'account create', 'staff create', 'staff reset', 'tax', 'tax set', 'jobs']

test.each([
  [['fly'], 'there is no command "fly"; "innkeeper help" lists them'],
  [['fly', 'away', 'home'], 'there is no command "fly away"; "innkeeper help" lists them'],
  [['fly', '--data', '/srv'], 'there is no command "fly"; "innkeeper help" lists them'],
  [['simulat', '--months', '2'], 'there is no command "simulat"; did you mean "simulate"? "innkeeper help" lists them'],
  [['sevre'], 'there is no command "sevre"; did you mean "serve"? "innkeeper help" lists them'],
  [['job'], 'there is no command "job"; did you mean "jobs"? "innkeeper help" lists them'],
  [
    ['acount', 'create'],
    'there is no command "acount create"; did you mean "account create"? "innkeeper help" lists them',
  ],
  [['staff'], 'there is no command "staff"; did you mean "staff create" or "staff reset"? "innkeeper help" lists them'],
  [
    ['staff', 'remove'],
    'there is no command "staff remove"; did you mean "staff create" or "staff reset"? "innkeeper help" lists them',
  ],
  [['--data', '/srv'], 'there is no command "--data"; "innkeeper help" lists them'],
  [['a'], 'there is no command "a"; "innkeeper help" lists them'],
  [[''], 'there is no command ""; "innkeeper help" lists them'],
])('%j gets one line that helps', (words, line) => {
  expect(noSuchCommand(words, names)).toBe(line)
})
