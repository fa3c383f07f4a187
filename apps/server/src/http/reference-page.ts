import type { AuthScheme } from '@innkeeper/contract'
import type { ApiReferenceConfiguration } from '@scalar/fastify-api-reference'

/** A reference page and the documents it shows. */
export interface Reference {
  /** Where the page is; its documents and its start script stand below it. */
  readonly page: string
  /** Of what: `User API`. */
  readonly title: string
  /** Where "try it" sends requests, below where the page came from. */
  readonly apiPath: string
  readonly scheme: AuthScheme
  readonly documents: readonly ReferenceDocument[]
  /** The documents as JSON, by name. */
  render(): Promise<Readonly<Record<string, string>>>
}

export interface ReferenceDocument {
  readonly name: string
  /** Of its download. */
  readonly label: string
  /** As the page shows it; absent: only to be downloaded. */
  readonly shown?: { readonly title: string; readonly slug: string }
}

/** The renderer, for every page. The addresses of scripts carry their hash, so they may be kept for ever. */
export const scriptAddress = '/userapi/reference.js'

export function documentAddress({ page }: Reference, name: string): string {
  return `${page}/${name}.json`
}

/** Nothing may be loaded from, or sent to, another origin. The renderer writes style elements while it runs. */
export const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
}

const fixed: Partial<ApiReferenceConfiguration> = {
  // Unless told, the renderer calls its maker: fonts, usage figures, an assistant, and a proxy for requests.
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  proxyUrl: '',
  // Our own samples are the ones that are tested; the header has the downloads.
  hiddenClients: true,
  documentDownloadType: 'none',
  hideModels: true,
  orderSchemaPropertiesBy: 'preserve',
  persistAuth: false,
  defaultOpenFirstTag: false,
}

/** Starts the renderer; requests of "try it" go where the page came from. */
export function startScript(reference: Reference): string {
  const sources = reference.documents.flatMap(({ name, shown }, index) =>
    shown === undefined
      ? []
      : [{ ...shown, url: documentAddress(reference, name), ...(index === 0 ? { default: true } : {}) }],
  )
  const settings = JSON.stringify({
    sources,
    ...fixed,
    authentication: { preferredSecurityScheme: reference.scheme },
  })
  const server = `location.origin + '${reference.apiPath}'`
  return `Scalar.createApiReference('#reference', { ...${settings}, servers: [{ url: ${server} }] })\n`
}

/** The page: our header, and the place the renderer fills. */
export function referencePage(
  brandName: string,
  reference: Reference,
  versions: { readonly script: string; readonly start: string },
): string {
  const { page, title, documents } = reference
  const brand = escapeHtml(brandName)
  const downloads = documents.map(
    ({ name, label }) => `<a href="${documentAddress(reference, name)}" download>${label}</a>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${brand} ${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header class="masthead">
<a class="brand" href="${page}">${brand} <span>${title}</span></a>
<nav aria-label="Downloads">
${downloads.join('\n')}
</nav>
</header>
<div id="reference"></div>
<noscript><p>The reference needs JavaScript. The documents above hold the same.</p></noscript>
<script src="${scriptAddress}?v=${versions.script}"></script>
<script src="${page}/start.js?v=${versions.start}"></script>
</body>
</html>
`
}

const style = `
:root { --scalar-custom-header-height: 48px; }
body { margin: 0; font-family: system-ui, sans-serif; }
.masthead { position: sticky; top: 0; z-index: 100; height: 48px; box-sizing: border-box; padding: 0 64px 0 24px;
  display: flex; align-items: center; justify-content: space-between; gap: 24px;
  background: var(--scalar-background-1, #fff); color: var(--scalar-color-1, #222);
  border-bottom: 1px solid var(--scalar-border-color, #ddd); }
.masthead a { color: inherit; text-decoration: none; font-size: 14px; }
.masthead .brand { font-weight: 600; font-size: 16px; white-space: nowrap; }
.masthead .brand span { font-weight: 400; opacity: .7; }
.masthead nav { display: flex; gap: 20px; white-space: nowrap; overflow: auto; }
.masthead nav a::before { content: "\\2193"; margin-right: 6px; opacity: .6; }
.masthead nav a:hover, .masthead nav a:focus-visible { text-decoration: underline; }
/* The renderer breaks words of tables between any two letters. */
#reference .markdown table { table-layout: auto; }
#reference .markdown :is(th, td) { word-break: normal; overflow-wrap: break-word; padding: 8px 10px; }
@media (max-width: 600px) {
  #reference .markdown table { display: block; width: auto; }
  .masthead { padding: 0 16px; gap: 16px; }
  .masthead .brand span { display: none; }
  .masthead nav { gap: 12px; }
  .masthead nav a { font-size: 12px; }
  .masthead nav a::before { content: none; }
}
noscript p { padding: 24px; }
`

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
