import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { VatCheckError } from '../driver.ts'

/** What VIES was asked, as it came over the wire. */
export interface ViesQuestion {
  readonly countryCode?: string
  readonly vatNumber?: string
  readonly requesterMemberStateCode?: string
  readonly requesterNumber?: string
}

/** A VIES of our own for tests: it speaks the protocol of the real one and knows the numbers of its test service. */
export interface ViesServer {
  /** Of the REST service. */
  readonly url: string
  readonly questions: readonly ViesQuestion[]
  /** From now on so for this number, prefix included; `silent` never answers, `endless` never ends, `elsewhere` is a redirect. */
  set(
    number: string,
    answer: 'valid' | 'invalid' | 'silent' | 'garbage' | 'endless' | 'elsewhere' | VatCheckError,
  ): void
  stop(): Promise<void>
}

/** The numbers of the test service: https://ec.europa.eu/taxation_customs/vies/checkVatTestService.wsdl. */
export const viesTestNumbers: Readonly<Record<string, 'valid' | 'invalid' | VatCheckError>> = {
  100: 'valid',
  200: 'invalid',
  201: 'INVALID_INPUT',
  202: 'INVALID_REQUESTER_INFO',
  300: 'SERVICE_UNAVAILABLE',
  301: 'MS_UNAVAILABLE',
  302: 'TIMEOUT',
  400: 'VAT_BLOCKED',
  401: 'IP_BLOCKED',
  500: 'GLOBAL_MAX_CONCURRENT_REQ',
  501: 'GLOBAL_MAX_CONCURRENT_REQ_TIME',
  600: 'MS_MAX_CONCURRENT_REQ',
  601: 'MS_MAX_CONCURRENT_REQ_TIME',
}

/** Starts it on a free port of the loopback address. */
export async function startVies(): Promise<ViesServer> {
  const questions: ViesQuestion[] = []
  const known = new Map<string, string>()
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (error: string, status = 200) => send(status, { actionSucceed: false, errorWrappers: [{ error }] })
    const path = request.url ?? ''
    if (request.method !== 'POST' || !/\/rest-api\/check-vat-(number|test-service)$/.test(path)) {
      return void response.writeHead(404).end()
    }
    const question = (await json(request)) as ViesQuestion // only our driver and our tests ask
    questions.push(question)
    const { countryCode = '', vatNumber = '', requesterMemberStateCode, requesterNumber } = question
    if (!/^[A-Z]{2}$/.test(countryCode) || !/^[A-Z0-9+*]{2,12}$/.test(vatNumber)) return refuse('INVALID_INPUT', 400)
    const said = known.get(countryCode + vatNumber) ?? viesTestNumbers[vatNumber] ?? 'SERVICE_UNAVAILABLE'
    if (said === 'silent') return
    if (said === 'garbage') return void response.writeHead(502).end('<html>Bad gateway</html>')
    if (said === 'endless') return endlessly(response)
    if (said === 'elsewhere') return void response.writeHead(307, { Location: `/elsewhere${path}` }).end()
    if (said !== 'valid' && said !== 'invalid') return refuse(said)
    const named = requesterMemberStateCode !== undefined && requesterNumber !== undefined
    send(200, {
      countryCode,
      vatNumber,
      requestDate: '2026-03-01T12:00:00.000Z',
      valid: said === 'valid',
      requestIdentifier: named ? `WAPIAAAA${String(questions.length).padStart(8, '0')}` : '',
      // Some states tell neither name nor address.
      name: said === 'valid' && countryCode !== 'DE' ? 'Example Trading' : '---',
      address: said === 'valid' && countryCode !== 'DE' ? 'Harbour Street 5\n10111 EXAMPLE' : '---',
      traderName: '---',
      traderStreet: '---',
      traderPostalCode: '---',
      traderCity: '---',
      traderCompanyType: '---',
    })
  }

  function endlessly(response: ServerResponse): void {
    const more = () => {
      while (response.write(' '.repeat(16_384)));
    }
    more()
    response.on('drain', more)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/rest-api`,
    questions,
    set: (number, said) => void known.set(number, said),
    async stop() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
