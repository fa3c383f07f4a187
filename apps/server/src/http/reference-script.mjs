import scalar from '@scalar/fastify-api-reference'
import Fastify from 'fastify'

// Writes the script of the reference page to standard output. A program of its own (reference-assets.ts), because the
// package keeps the 4.35 MB in the heap of whoever imports it; plain JavaScript, because it runs without our loader.
const server = Fastify()
await server.register(scalar, { routePrefix: '/page', configuration: { url: '/none' } })
const answer = await server.inject('/page/js/scalar.js')
if (answer.statusCode !== 200) throw new Error(`the reference page has no script: ${answer.statusCode}`)
process.stdout.write(answer.rawPayload)
