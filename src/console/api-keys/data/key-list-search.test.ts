import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiKeySorts, DEFAULT_SORT } from '../../../contract/keys/api-key-sorts.ts'
import { openRows, validateApiKeySearch, withRow } from './key-list-search.ts'

const id = (digit: string) => `k${digit.repeat(11)}`

describe('search parameters of the key table', () => {
  it('keep what makes sense and drop the rest and the defaults', () => {
    expect(
      validateApiKeySearch({
        search: 42,
        access: 'list',
        condition: 'unused30',
        sort: 'note',
        open: `${id('a')},nonsense,${id('b')}`,
        other: 1,
      }),
    ).toEqual({
      search: '42',
      access: 'list',
      condition: 'unused30',
      sort: 'note',
      open: `${id('a')},${id('b')}`,
    })
    expect(
      validateApiKeySearch({ search: '', access: 'all', condition: 'old', sort: '-createdAt' }),
    ).toEqual({})
  })

  it('never fail and settle after one reading', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('search', 'access', 'condition', 'sort', 'open'),
          fc.anything(),
        ),
        (input) => {
          const once = validateApiKeySearch(input)
          expect(validateApiKeySearch(once)).toEqual(once)
        },
      ),
    )
  })

  it('open and close rows one by one', () => {
    const one = withRow({ search: 'x' }, id('a'), true)
    const two = withRow(one, id('b'), true)
    expect(openRows(two)).toEqual(new Set([id('a'), id('b')]))
    expect(withRow(withRow(two, id('a'), false), id('b'), false)).toEqual({ search: 'x' })
  })

  it('take every order of the management API', () => {
    const taken = apiKeySorts.map((sort) => validateApiKeySearch({ sort }).sort ?? DEFAULT_SORT)
    expect(taken).toEqual(apiKeySorts)
  })
})
