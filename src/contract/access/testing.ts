import fc from 'fast-check'
import { fixtureCatalog } from '../catalog/fixtures.ts'
import type { Catalog, Operation } from '../catalog/operation.ts'
import { serverlessCatalog } from '../catalog/serverless.ts'
import { v4Catalog } from '../catalog/v4.ts'
import { v5Catalog } from '../catalog/v5.ts'

/** The catalogs of all plans, by name, for `describe.each`. */
export const planCatalogs: [name: string, catalog: Catalog][] = [
  ['Serverless', serverlessCatalog],
  ['v5', v5Catalog],
  ['v4', v4Catalog],
]

/** All operations of a self-hosted EMQX Enterprise 5.8, key management and users included. */
export const enterpriseCatalog = fixtureCatalog('emqx-enterprise-5.8')

/**
 * Whether a value climbs for some reader: one that decodes it as often as it can, takes `\` for
 * `/`, and leaves out what follows a `;`.
 */
export function climbs(value: string): boolean {
  let flat = value
  for (let before = ''; flat !== before;) {
    before = flat
    flat = flat.replace(/%(?:2e|2f|5c|3b|25)/gi, (code) => decodeURIComponent(code))
  }
  return flat.split(/[/\\]/).some((part) => /^\.\.?(?:;|$)/.test(part))
}

/** Any value that a path parameter may have: every Unicode text but the few refused ones. */
export const parameterValue = fc
  .oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
    {
      weight: 2,
      arbitrary: fc.string({ unit: fc.constantFrom(...'ab/.:%;@+ 2Fe'), minLength: 1 }),
    },
  )
  // oxlint-disable-next-line no-control-regex
  .filter((value) => !/[\u0000-\u001f\u007f\\]/.test(value) && !climbs(value))

/** Any value but those that are a literal segment of the catalog, and so lead elsewhere. */
export function parameterValueIn(catalog: Catalog): fc.Arbitrary<string> {
  const literals = new Set(catalog.operations.flatMap(segmentsOf))
  return parameterValue.filter((value) => !literals.has(value))
}

/** One way of writing a decoded segment in a path, at random among all that mean the same. */
export function writingOf(segment: string): fc.Arbitrary<string> {
  return fc
    .tuple(...[...segment].map((character) => fc.constantFrom(...waysToWrite(character))))
    .map((parts) => parts.join(''))
}

function waysToWrite(character: string): string[] {
  const bytes = [...new TextEncoder().encode(character)]
  const hex = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const encoded = [hex, hex.toUpperCase()]
  return /^[\w\-.~!$&'()*+,;=:@]$/.test(character) ? [character, ...encoded] : encoded
}

/** A call of an operation: any values for its parameters, and a path written at random. */
export function callOf(operation: Operation, value: fc.Arbitrary<string>) {
  const names = segmentsOf(operation)
    .filter(isParameter)
    .map((one) => one.slice(1, -1))
  return fc.tuple(...names.map(() => value)).chain((values) =>
    fc.record({
      parameters: fc.constant(
        Object.fromEntries(names.map((name, index) => [name, values[index]])),
      ),
      rawPath: pathOf(operation, values),
    }),
  )
}

function pathOf(operation: Operation, values: readonly string[]): fc.Arbitrary<string> {
  const rest = [...values]
  const segments = segmentsOf(operation).map((one) => (isParameter(one) ? rest.shift() : one) ?? '')
  return fc.tuple(...segments.map(writingOf)).map((parts) => `/${parts.join('/')}`)
}

/** A plain path of an operation, the same value in each of its parameters. */
export function plainPathOf(operation: Operation, value: string): string {
  return operation.path.replace(/\{\w+\}/g, value)
}

function segmentsOf(operation: Operation): string[] {
  return operation.path.slice(1).split('/')
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{')
}
