import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decide, type Access } from '../src/contract/access/access.ts'
import { compileRouter } from '../src/contract/access/router.ts'
import { indexCatalog, type Catalog, type Operation } from '../src/contract/catalog/operation.ts'
import { operationIdSchema } from '../src/contract/catalog/schemas.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'

const FIXTURE = '../src/contract/catalog/fixtures/emqx-enterprise-5.8.tsv'

/** The operations of a self-hosted EMQX Enterprise 5.8, all of them. */
export function enterpriseCatalog(): Catalog {
  const [, ...lines] = readFileSync(join(import.meta.dirname, FIXTURE), 'utf8')
    .trim()
    .split('\n')
  const operations = lines.map((line): Operation => {
    const [method = '', path = '', category = ''] = line.split('\t')
    const id = operationIdSchema.parse(`${method} ${path}`)
    const found = /^(GET|POST|PUT|PATCH|DELETE) (\/.*)$/.exec(id)
    const template: `/${string}` = `/${found?.[2]?.slice(1) ?? ''}`
    return { id, method: methodOf(method), path: template, category, summary: '' }
  })
  return indexCatalog([{ name: 'All', operations }])
}

function methodOf(text: string): Operation['method'] {
  switch (text) {
    case 'GET':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return text
    default:
      throw new Error(`${text} is no method of the API`)
  }
}

/** Decisions per second over every operation of a catalog, by a key that lists half of them. */
export function measureDecisions(catalog: Catalog, milliseconds: number): number {
  const router = compileRouter(catalog)
  const operations = catalog.operations.filter((_, at) => at % 2 === 0).map(({ id }) => id)
  const access: Access = { mode: 'list', operations }
  const calls = catalog.operations.map(({ method, path }) => ({
    method,
    path: path.replaceAll(/\{\w+\}/g, 'some%3Avalue'),
  }))
  let decided = 0
  let allowed = 0
  const started = performance.now()
  while (performance.now() - started < milliseconds) {
    for (const { method, path } of calls) {
      if (decide(router, access, method, path).outcome === 'allowed') allowed += 1
    }
    decided += calls.length
  }
  const rate = decided / ((performance.now() - started) / 1000)
  if (allowed === 0 || allowed === decided) throw new Error('the access rules decided nothing')
  return rate
}

export const catalogs = { v5: () => v5Catalog, enterprise: enterpriseCatalog }
