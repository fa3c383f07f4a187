/** Who may import whom (ARCHITECTURE.md). Each rule fails the build. */
const modules = '^apps/server/src/modules/([^/]+)/'

/** Each may import those before it. What an invoice sets off in higher ones is listed in effects.ts. */
const orderOfModules = [
  ...['audit', 'mail', 'sessions', 'accounts', 'contacts'],
  ...['tax', 'catalog', 'billing', 'documents', 'tax-corrections', 'payment-methods'],
  ...['services', 'dns', 'orders', 'payments', 'renewals', 'staff'],
]
const folder = names => `^apps/server/src/modules/(${names.join('|')})/`

const modulesInTheirOrder = orderOfModules.slice(0, -1).map((name, place) => ({
  name: `${name}-knows-nothing-higher`,
  comment: 'Modules build on each other in one order. Tests may look from below.',
  severity: 'error',
  from: { path: folder([name]), pathNot: '\\.test\\.ts$' },
  to: { path: folder(orderOfModules.slice(place + 1)) },
}))

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'contract-knows-nobody',
      comment: 'The contract depends on the schema library (and the sample renderer) only.',
      severity: 'error',
      from: { path: '^packages/contract/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/(?!contract)|apps|bench|e2e|tools)/' },
    },
    {
      name: 'money-knows-nobody',
      comment: 'Prices, periods and taxes are arithmetic: no database, no wire, no clock.',
      severity: 'error',
      from: { path: '^packages/money/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/(?!money)|apps|bench|e2e|tools)/' },
    },
    {
      name: 'documents-know-money-only',
      comment: 'Documents are drawn from plain data.',
      severity: 'error',
      from: { path: '^packages/documents/' },
      to: { path: '^(packages/(?!documents|money)|apps|bench|e2e|tools)/' },
    },
    {
      name: 'drivers-know-no-account',
      comment: 'Drivers talk to somebody else’s system and know neither contract nor server.',
      severity: 'error',
      from: { path: '^packages/drivers/' },
      to: { path: '^(packages/(?!drivers)|apps|bench|e2e|tools)/' },
    },
    {
      name: 'drivers-only-from-server',
      severity: 'error',
      from: { path: '^(packages/(?!drivers)|apps/(?!server))' },
      to: { path: '^packages/drivers/' },
    },
    {
      name: 'modules-through-their-index',
      comment: 'A module sees another only through its index.ts.',
      severity: 'error',
      from: { path: modules },
      to: { path: modules, pathNot: [`${modules.replace('([^/]+)', '$1')}`, `${modules}index\\.ts$`] },
    },
    ...modulesInTheirOrder,
    {
      name: 'every-module-has-its-place-in-the-order',
      severity: 'error',
      from: { path: modules, pathNot: folder(orderOfModules) },
      to: {},
    },
    {
      name: 'server-through-the-index-of-modules',
      severity: 'error',
      from: { path: '^apps/server/src/(?!modules/)' },
      to: { path: modules, pathNot: [`${modules}index\\.ts$`, `${modules}[^/]+\\.test\\.ts$`] },
    },
    {
      name: 'black-box-stays-black',
      comment: 'End-to-end tests may not import the program.',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^(apps|packages)/' },
    },
    {
      name: 'no-test-code-in-the-program',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/', pathNot: ['\\.test\\.ts$', '/conformance\\.ts$'] },
      to: { path: ['\\.test\\.ts$', '^apps/server/test/'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
