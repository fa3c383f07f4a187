import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { curl, type Program, removeDataDir, startProgram } from './program.ts'

/* Bodies that nobody should send, by a socket of our own, where no client tidies them up. */

let program: Program
beforeAll(async () => {
  program = await startProgram()
})
afterAll(async () => {
  expect(await program.stop()).toBe(0)
  await removeDataDir(program.dataDir)
})

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** The next answer of the connection; it rejects if the connection breaks before. */
async function answerOf(socket: Socket): Promise<Answer> {
  let text = ''
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer] // no encoding is set
    text += chunk.toString('latin1')
    const [head = '', body] = text.split(/\r\n\r\n(.*)/s)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1])
    if (body !== undefined && body.length >= length)
      return { status: Number(head.split(' ')[1]), head, body: Buffer.from(body, 'latin1').toString() }
  }
}

function request(type: string, body: Buffer): Buffer {
  const basic = Buffer.from(`${program.username}:${program.password}`).toString('base64')
  const lines = [
    'POST /api/service/101/dns HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Basic ${basic}`,
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const large = 10 * 1024 * 1024
const deep = (levels: number) => `{"name":${'['.repeat(levels)}${']'.repeat(levels)}}`

test.each<[string, string, Buffer, number, string]>([
  ['JSON of 10 MB', json, Buffer.from(`{"name":"${'a'.repeat(large)}"}`), 413, 'body_too_large'],
  ['a form of 10 MB', form, Buffer.from(`name=${'a'.repeat(large)}`), 413, 'body_too_large'],
  ['JSON of 100 levels', json, Buffer.from(deep(100)), 400, 'bad_request'],
  ['bytes that are not UTF-8', json, Buffer.from('{"name":"\xff\xfe.example"}', 'latin1'), 400, 'bad_request'],
  ['a key twice', json, Buffer.from('{"name":"a.example","name":"b.example"}'), 400, 'bad_request'],
])(
  '%s is answered with a clear error, and the connection goes on or is closed in order',
  async (...[, type, body, status, code]) => {
    const { port } = new URL(program.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(request(type, body))
    const refused = await answerOf(socket)
    expect(refused).toMatchObject({ status, head: expect.stringMatching(/^content-type: application\/json/im) })
    expect(JSON.parse(refused.body)).toEqual({ success: false, error: [code] })
    // Closed while this side still sends, the connection would take the answer with it.
    if (status === 413) expect(refused.head).not.toMatch(/^connection: close/im)
    if (/^connection: close/im.test(refused.head)) {
      if (!socket.readableEnded) await once(socket, 'end')
    } else {
      socket.write(request(json, Buffer.from('{"name":"-"}')))
      expect(await answerOf(socket)).toMatchObject({ status: 422 })
    }
    socket.destroy()
    expect(await curl(`${program.url}/healthz`)).toEqual({ status: 'alive' })
  },
)
