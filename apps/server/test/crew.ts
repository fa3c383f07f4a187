import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { runSql } from '../src/db/database.ts'
import type { TestApp } from './app.ts'
import { waitFor } from './wait-for.ts'

/** Workers of their own processes that sweep at the same time. */
export async function hire(app: TestApp, count: number) {
  const members = new Set<Member>()
  let killed = 0
  let at = new Date(0)
  let sequence = 0
  const add = async () => {
    const member = await startMember(app)
    members.add(member)
  }
  await Promise.all(Array.from({ length: count }, add))
  const pending: Promise<void>[] = []

  /** Done when all who live have swept that moment through since the last of them died. */
  async function sweep(moment: Date): Promise<void> {
    at = moment
    let round: number
    do {
      round = sequence
      const line = `${at.toISOString()} ${round}`
      await Promise.all([...members].map(member => member.sweep(line)))
    } while (round !== sequence || members.size === 0)
  }

  return {
    sweep,
    killed: () => killed,
    async killOne(random: () => number): Promise<void> {
      await waitFor(() => members.size > 1)
      await new Promise(resolve => setTimeout(resolve, random() * 40))
      const victim = [...members][Math.floor(random() * members.size)]
      if (victim === undefined) return
      await victim.kill()
      // Its locks are its connections': until those are gone, others leave alone what it held.
      await waitFor(async () => (await victim.connections()) === 0)
      members.delete(victim)
      victim.release()
      killed++
      sequence++
      pending.push(add())
    },
    async dismiss() {
      await Promise.all(pending)
      for (const member of members) await member.kill()
    },
  }
}

interface Member {
  sweep(line: string): Promise<void>
  kill(): Promise<void>
  /** Lets go of who waits for it. */
  release(): void
  connections(): Promise<number>
}

async function startMember(app: TestApp): Promise<Member> {
  const file = fileURLToPath(new URL('./sweeping-worker.ts', import.meta.url))
  const words = ['--import', 'tsx', file, JSON.stringify(app.connection)]
  const child: ChildProcess = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes')
  const input = child.stdin
  input.on('error', () => {}) // it was killed
  const waiting = new Map<string, () => void>()
  const ready = new Promise<void>(resolve => waiting.set('ready', resolve))
  createInterface(child.stdout).on('line', line => {
    waiting.get(line)?.()
    waiting.delete(line)
  })
  await ready
  const name = `sweeper ${child.pid}`
  return {
    sweep: line =>
      new Promise(resolve => {
        waiting.set(line, resolve)
        input.write(`${line}\n`)
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    release() {
      for (const resolve of waiting.values()) resolve()
      waiting.clear()
    },
    async connections() {
      const text = 'select 1 from pg_stat_activity where application_name = $1'
      return (await runSql(app.db, text, [name])).length
    },
  }
}
