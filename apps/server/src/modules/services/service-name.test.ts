import { expect, test } from 'vitest'
import { nameOfService } from './service-name.ts'

test.each([
  [{ kind: 'product', title: 'Web hosting', name: 'www.example.com' }, 'Web hosting www.example.com'],
  [{ kind: 'product', title: 'Web hosting', name: '' }, 'Web hosting'],
  [{ kind: 'addon', title: 'Daily backup', name: '' }, 'Daily backup'],
  [{ kind: 'domain', title: '.com', name: 'myshop.com' }, 'Domain myshop.com'],
] as const)('%o is called %s', (service, name) => expect(nameOfService(service)).toBe(name))
