import { execFileSync } from 'node:child_process'

/*
 * Who may import whom (.dependency-cruiser.cjs). Without a TypeScript it understands, dependency-cruiser looks at nothing
 * and is content; so the number of files it saw is checked too.
 */

interface Cruise {
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly rule: { readonly name: string }
      readonly from: string
      readonly to: string
    }[]
  }
}

const leastFiles = 200
const words = ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'apps', 'e2e']
let json: string
try {
  json = execFileSync('npx', words, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
} catch (error) {
  json = (error as { stdout: string }).stdout // with violations it exits with another code, having written all the same
}
const { totalCruised, violations } = (JSON.parse(json) as Cruise).summary // dependency-cruiser's own format
for (const { rule, from, to } of violations) process.stdout.write(`${rule.name}: ${from} → ${to}\n`)
if (totalCruised < leastFiles) process.stdout.write(`only ${totalCruised} files were looked at\n`)
process.exitCode = violations.length > 0 || totalCruised < leastFiles ? 1 : 0
