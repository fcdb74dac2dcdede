/**
 * Which room of `src` may import which. Each table lists, for a room, the rooms beside it that it
 * may import; what isn't listed is refused. Type imports count, here and as cycles.
 */

const rooms = {
  contract: [],
  'http-client': [],
  store: ['contract'],
  throttle: ['contract', 'store'],
  management: ['contract', 'store'],
  backends: ['contract', 'http-client'],
  gateway: ['contract', 'store', 'throttle', 'backends'],
  server: ['contract', 'store', 'throttle', 'management', 'gateway', 'backends'],
  demo: ['contract', 'store', 'throttle', 'management', 'gateway', 'backends'],
  // Its entry alone starts the demo; see `demo-in-its-entry`.
  console: ['contract', 'demo'],
  'contract-suite': ['contract'],
}

const consoleParts = ['ui', 'api', 'form', 'table', 'secrets', 'people', 'page']
const consoleRooms = {
  ui: [],
  api: ['ui'],
  form: ['ui', 'api'],
  people: ['ui', 'form'],
  secrets: ['ui', 'form'],
  page: ['ui'],
  table: ['ui', 'api', 'page'],
  session: consoleParts,
  shell: ['ui', 'api', 'page', 'session'],
  activity: [...consoleParts, 'session'],
  'api-keys': [...consoleParts, 'session'],
  deployments: [...consoleParts, 'session'],
  tokens: [...consoleParts, 'session'],
  users: [...consoleParts, 'session'],
  gallery: ['ui', 'form', 'secrets'],
  // Pages put subjects together.
  pages: [...consoleParts, 'session', 'api-keys', 'deployments'],
}

const apiKeyRooms = {
  data: [],
  parts: ['data'],
  picker: ['data', 'parts'],
  form: ['data', 'parts', 'picker'],
  dialogs: ['data', 'parts', 'form'],
  list: ['data', 'parts', 'dialogs'],
  page: ['data', 'parts', 'dialogs'],
}

const serverRooms = {
  config: [],
  metrics: [],
  engines: [],
  broker: [],
  runtime: ['config', 'broker', 'engines', 'metrics'],
  http: ['config', 'broker', 'metrics', 'runtime'],
  storage: ['config', 'engines', 'runtime'],
  'sign-in': ['config'],
}

const contractRooms = {
  network: [],
  http: ['network'],
  catalog: ['deployments', 'http'],
  access: ['catalog', 'http'],
  keys: ['access', 'catalog', 'http', 'network'],
  deployments: ['http', 'network'],
  usage: ['keys', 'deployments', 'catalog', 'http', 'network'],
  accounts: ['http', 'network'],
  activity: ['accounts', 'http', 'network'],
}

const storeRooms = {
  sql: [],
  usage: ['sql'],
  keys: ['sql', 'usage'],
  people: ['sql'],
  attempts: ['sql'],
  migrations: ['sql'],
}

const demoRooms = { world: [], host: ['world'] }

const TESTS = ['[.]test[.]tsx?$', '/testing[.]tsx?$', '/testing/']

/** One rule a room of a folder: it imports itself, what the table lists, and files beside the rooms. */
function arrows(folder, table) {
  const names = Object.keys(table).join('|')
  return Object.entries(table).map(([room, mayImport]) => ({
    name: `${folder}/${room}`,
    comment: `${room} may import ${mayImport.join(', ') || 'no room beside it'}.`,
    severity: 'error',
    from: { path: `^${folder}/${room}/`, pathNot: TESTS },
    to: {
      path: `^${folder}/(${names})/`,
      pathNot: `^${folder}/(${[room, ...mayImport].join('|')})/`,
    },
  }))
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    ...arrows('src', rooms),
    ...arrows('src/contract', contractRooms),
    ...arrows('src/store', storeRooms),
    ...arrows('src/server', serverRooms),
    ...arrows('src/demo', demoRooms),
    ...arrows('src/console', consoleRooms),
    ...arrows('src/console/api-keys', apiKeyRooms),
    {
      name: 'demo-in-its-entry',
      comment: 'No other build of the console may hold the demo: main.tsx imports it on demand.',
      severity: 'error',
      from: { path: '^src/console/', pathNot: ['^src/console/main[.]tsx$', ...TESTS] },
      to: { path: '^src/demo/' },
    },
    {
      name: 'ui-is-general',
      comment: 'ui knows nothing of router, forms, queries or Latchkey.',
      severity: 'error',
      from: { path: '^src/console/ui/', pathNot: TESTS },
      to: {
        path: [
          '^src/',
          'node_modules/@tanstack/react-(router|query)/',
          'node_modules/react-hook-form/',
        ],
        pathNot: '^src/console/ui/',
      },
    },
    {
      name: 'browser-only',
      comment: 'The console, the demo and what they share run in browsers.',
      severity: 'error',
      from: {
        path: '^src/(contract|store|management|gateway|throttle|demo|console)/',
        pathNot: [...TESTS, '^src/contract/catalog/fixtures[.]ts$'],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-in-tests',
      comment: 'Code of the product imports no test helper.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...TESTS, '^src/contract-suite/'] },
      to: { path: ['^(test|e2e|bench|scripts)/', ...TESTS] },
    },
  ],
  options: {
    // TypeScript 7 has no API yet that dependency-cruiser could use.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
