import { describe, expect, test } from 'vitest'
import { driverDescriptions } from './drivers.ts'

const all = Object.entries(driverDescriptions).flatMap(([kind, drivers]) =>
  drivers.map(driver => ({ title: `${kind} ${driver.name}`, driver })),
)

describe.each(all)('the description of $title', ({ driver }) => {
  test('names every option once, and says in a sentence what it is for', () => {
    const names = driver.options.map(option => option.name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, type, help } of driver.options) {
      expect(name).toMatch(/^[a-z][a-zA-Z]*$/)
      expect(type).not.toBe('')
      expect(help).toMatch(/^[^a-z].*\.$|^[a-z]+:\/\/.*\.$/)
    }
  })

  test('has a secret for what lets others in', () => {
    for (const { name, secret } of driver.options) if (/key|password|secret/i.test(name)) expect(secret).toBe(true)
  })

  test('leads to documents on the web, and its limits and settings are sentences', () => {
    expect(driver.links.length).toBeGreaterThan(0)
    for (const link of driver.links) expect(new URL(link).protocol).toBe('https:')
    for (const text of [...(driver.limits ?? []), ...(driver.settings ?? []).map(one => one.why)]) {
      expect(text).toMatch(/^[A-Z].*\.$/)
    }
  })
})

test('no two drivers of a kind have the same name', () => {
  for (const drivers of Object.values(driverDescriptions)) {
    expect(new Set(drivers.map(driver => driver.name)).size).toBe(drivers.length)
  }
})
