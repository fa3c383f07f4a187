import { type EmbeddedOptions, startEmbedded } from './server.ts'

// A process of its own for server.test.ts, to be killed: starts the server on a folder as a user, says so, and waits.
const [folder = '', uid = '0', options = '{}'] = process.argv.slice(2)
if (uid !== '0') {
  process.setgid?.(Number(uid))
  process.setuid?.(Number(uid))
}
const server = await startEmbedded(folder, JSON.parse(options) as EmbeddedOptions)
process.on('SIGINT', () => {}) // as a program that is still finishing its work
process.once('SIGTERM', () => {
  server.stop().then(() => process.exit(0))
})
setInterval(() => {}, 60_000)
process.stdout.write(`${JSON.stringify({ pid: server.pid(), connection: server.connection, home: server.home })}\n`)
