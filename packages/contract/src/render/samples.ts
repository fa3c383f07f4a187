import { HTTPSnippet } from '@readme/httpsnippet'
import type { AnyOperation } from '../op.ts'
import { hasBody, listName, splitRequest } from './requests.ts'

/** A piece of code that calls an operation. */
export interface Sample {
  readonly language: 'shell' | 'php' | 'python' | 'typescript'
  /** How the language is shown. */
  readonly label: string
  readonly code: string
}

/** What samples are filled with. */
export interface SampleOptions {
  /** Where the server is reached, without trailing slash. */
  readonly serverUrl: string
  /** Where the paths of the operations stand below that; `/api` unless told. */
  readonly basePath?: string
  /** The value of the Authorization header; public operations go without. */
  readonly authorization: string
  /** Path parameters and fields; the operation's first example unless told. */
  readonly request?: Readonly<Record<string, unknown>>
}

/** What a text needs besides what httpsnippet escapes when it writes it between quotes of that language. */
type Escape = (text: string) => string
const backslashes: Escape = text => text.replaceAll('\\', '\\\\')
const pythonText: Escape = text => backslashes(text).replaceAll('\r', '\\r').replaceAll('\n', '\\n')
const asItIs: Escape = text => text

const clients = [
  { language: 'shell', label: 'curl', target: 'shell', client: 'curl', escaped: asItIs },
  { language: 'php', label: 'PHP', target: 'php', client: 'guzzle', escaped: asItIs },
  { language: 'python', label: 'Python', target: 'python', client: 'requests', escaped: pythonText },
  { language: 'typescript', label: 'TypeScript', target: 'javascript', client: 'fetch', escaped: backslashes },
] as const

/** Programs that call an operation with its first example, complete enough to be run as they stand. */
export function samplesOf(operation: AnyOperation, options: SampleOptions): Sample[] {
  const { path, fields } = splitRequest(operation, options.request ?? operation.examples[0].request)
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => urlText(path[name]))
  const sendsBody = hasBody(operation) && Object.keys(fields).length > 0
  const url = `${options.serverUrl}${options.basePath ?? '/api'}${filled}${hasBody(operation) ? '' : queryOf(fields)}`
  const headers = [
    ...(operation.access.kind === 'public' ? [] : [{ name: 'Authorization', value: options.authorization }]),
    ...(sendsBody ? [{ name: 'Content-Type', value: 'application/json' }] : []),
  ]
  return clients.map(({ language, label, target, client, escaped }) => {
    const snippet = new HTTPSnippet({
      method: operation.method,
      url,
      headers,
      postData: sendsBody ? bodyFor(language, fields, escaped) : { mimeType: 'application/json', text: '' },
    })
    const [code] = snippet.convert(target, client)
    if (!code) throw new Error(`no ${label} sample for ${operation.id}`)
    return { language, label, code: code.replaceAll(hidden, 'body') }
  })
}

/**
 * For a shell the JSON goes as plain text, which httpsnippet quotes; JSON it would put in quotes without escaping them.
 * For TypeScript a field named `body` is hidden, or httpsnippet would take it for the body of the request.
 */
function bodyFor(language: Sample['language'], fields: object, escaped: Escape): { mimeType: string; text: string } {
  if (language === 'shell') return { mimeType: 'text/plain', text: JSON.stringify(fields, null, 2) }
  const shown = language === 'typescript' ? hideBody(fields) : fields
  const text = JSON.stringify(shown, (_, value: unknown) => (typeof value === 'string' ? escaped(value) : value))
  return { mimeType: 'application/json', text }
}

const hidden = 'bodyOfTheFields'

function hideBody(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name === 'body' ? hidden : name, value]))
}

function queryOf(fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map(item => `${urlText(listName(name))}=${urlText(item)}`)
      : [`${urlText(name)}=${urlText(value)}`],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function urlText(value: unknown): string {
  return encodeURIComponent(String(value)).replaceAll("'", '%27')
}
