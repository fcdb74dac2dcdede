import { readFileSync } from 'node:fs'
import { indexCatalog, methods, type Catalog, type Category, type Method } from './operation.ts'

/** The lists of operations in `fixtures/`, taken from EMQX's public API documents. */
export const fixtureNames = [
  'serverless',
  'v4-dedicated',
  'v5-dedicated',
  'emqx-enterprise-5.8',
] as const
export type FixtureName = (typeof fixtureNames)[number]

export type FixtureLine = { method: Method; path: `/${string}`; category: string }

/** Reads a list of operations, for tests and benchmarks; throws on a line that isn't one. */
export function readFixture(name: FixtureName): FixtureLine[] {
  const text = readFileSync(new URL(`./fixtures/${name}.tsv`, import.meta.url), 'utf8')
  return text.trimEnd().split('\n').slice(1).map(parseLine)
}

function parseLine(line: string): FixtureLine {
  const [word, path, category] = line.split('\t')
  const method = methods.find((one) => one === word)
  if (!method || !isPath(path) || !category) throw new Error(`not an operation: ${line}`)
  return { method, path, category }
}

function isPath(path: string | undefined): path is `/${string}` {
  return path?.startsWith('/') ?? false
}

/** A list of operations as a catalog, each operation's id standing for its summary. */
export function fixtureCatalog(name: FixtureName): Catalog {
  const categories = Map.groupBy(readFixture(name), (line) => line.category)
  return indexCatalog(
    [...categories].map(([category, lines]): Category => ({
      name: category,
      operations: lines.map(({ method, path }) => {
        const id = `${method} ${path}` as const
        return { id, method, path, category, summary: id }
      }),
    })),
  )
}
