import { afterAll, beforeAll, describe } from 'vitest'
import { answeringTests } from './conformance/answering.ts'
import { publishingTests } from './conformance/publishing.ts'
import type { Subject } from './conformance/subject.ts'
import { transportTests } from './conformance/transport.ts'

/** A kind of name server as the suite meets it. */
export interface DnsDriverSubject {
  /** For the title of the tests only. */
  readonly name: string
  start(): Promise<Subject>
}

/** What every DNS driver promises. There are no exceptions: who cannot pass a test is no driver. */
export function dnsDriverSuite({ name, start }: DnsDriverSubject): void {
  describe(`the DNS driver ${name}`, () => {
    let started: Subject | undefined
    const subject = () => {
      if (started === undefined) throw new Error('the driver did not start')
      return started
    }
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started?.stop())

    describe('publishing', () => publishingTests(subject))
    describe('answering', () => answeringTests(subject))
    describe('transport', () => transportTests(subject))
  })
}
