import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface OrderTarget {
  readonly url: string
  readonly body: object
  /** Of the accounts that order in turn. */
  readonly tokens: readonly string[]
}

/** Lets wrk place the same order again and again; orders in a second. */
export async function loadOrders(target: OrderTarget, connections: number, seconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-wrk-'))
  try {
    const script = join(folder, 'order.lua')
    await writeFile(script, scriptOf(target))
    const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, target.url]
    const { stdout } = await run('wrk', words)
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${target.url}:\n${stdout}`)
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Tokens and JSON hold nothing that would end a long string of Lua. */
function scriptOf({ body, tokens }: OrderTarget): string {
  return `local tokens = { ${tokens.map(token => `[[${token}]]`).join(', ')} }
local turn = 0
request = function()
  turn = turn % #tokens + 1
  local headers = { ["content-type"] = "application/json", ["authorization"] = "Bearer " .. tokens[turn] }
  return wrk.format("POST", nil, headers, [[${JSON.stringify(body)}]])
end
`
}
