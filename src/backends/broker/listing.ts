import { ApiFault } from './fault.ts'

/**
 * Reads one query parameter's value into a test of rows. Throws an {@link ApiFault} of kind
 * `query` by {@link badParameter} when the value makes no sense.
 */
export type Filter<Row> = (value: string, name: string) => (row: Row) => boolean
export type Filters<Row> = Readonly<Record<string, Filter<Row>>>

/** How an edition names and limits the paging of its lists. */
export type Paging = { page: string; limit: string; defaultLimit: number }

export type Page<Row> = {
  data: Row[]
  meta: { page: number; limit: number; count: number; hasnext: boolean }
}

const LIMIT_MAX = 10_000
// EMQX takes these more than once, meaning any of them.
const REPEATABLE = new Set(['clientid', 'username'])

export function badParameter(name: string, value: string, expected: string): ApiFault {
  return new ApiFault('query', `The parameter ${name} is "${value}"; it must be ${expected}.`)
}

/**
 * Answers a list: filters rows by the query and cuts out the page it asks for. A parameter
 * that nobody documents is ignored, as EMQX does; one in `refused`, which callers may count on
 * but this API can't answer, is a fault.
 */
export function listRows<Row>(
  rows: Iterable<Row>,
  query: URLSearchParams,
  {
    paging,
    filters,
    refused,
  }: { paging: Paging; filters: Filters<Row>; refused: readonly string[] },
): Page<Row> {
  for (const name of refused) {
    if (query.has(name)) {
      throw new ApiFault('query', `This deployment can't filter by ${name}. Leave it out.`)
    }
  }
  const page = wholeNumber(query, paging.page, 1, Number.MAX_SAFE_INTEGER / LIMIT_MAX)
  const limit = wholeNumber(query, paging.limit, paging.defaultLimit, LIMIT_MAX)
  const tests = testsOf(query, filters)

  const first = (page - 1) * limit
  const data: Row[] = []
  let count = 0
  for (const row of rows) {
    if (!tests.every((test) => test(row))) continue
    if (count >= first && data.length < limit) data.push(row)
    count += 1
  }
  return { data, meta: { page, limit, count, hasnext: first + data.length < count } }
}

function testsOf<Row>(query: URLSearchParams, filters: Filters<Row>): ((row: Row) => boolean)[] {
  const tests: ((row: Row) => boolean)[] = []
  for (const [name, filter] of Object.entries(filters)) {
    const values = query.getAll(name)
    if (values.length === 0) continue
    if (values.length > 1 && !REPEATABLE.has(name)) {
      throw new ApiFault('query', `The parameter ${name} is given more than once. Give it once.`)
    }
    const anyOf = values.map((value) => filter(value, name))
    tests.push((row) => anyOf.some((test) => test(row)))
  }
  return tests
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const values = query.getAll(name)
  const [value] = values
  if (value === undefined) return fallback
  const number = Number(value)
  if (values.length > 1 || !/^\d{1,16}$/.test(value) || number < 1 || number > max) {
    throw badParameter(name, values.join('", "'), `one whole number from 1 to ${Math.floor(max)}`)
  }
  return number
}

/** A filter for rows whose value equals the parameter's. */
export function equals<Row>(valueOf: (row: Row) => string | null): Filter<Row> {
  return (value) => (row) => valueOf(row) === value
}

/** A filter for rows whose value holds the parameter's; upper and lower case differ. */
export function includes<Row>(valueOf: (row: Row) => string | null): Filter<Row> {
  return (value) => (row) => valueOf(row)?.includes(value) ?? false
}

/** A filter that takes a few words only, each with its own test. */
export function oneOf<Row>(tests: Readonly<Record<string, (row: Row) => boolean>>): Filter<Row> {
  const words = new Map(Object.entries(tests))
  return (value, name) => {
    const test = words.get(value)
    if (!test) throw badParameter(name, value, `one of: ${[...words.keys()].join(', ')}`)
    return test
  }
}
