import { describe, expect, test } from 'vitest'
import { activityFilter, validateActivitySearch } from './search-params.ts'

const now = new Date(2026, 10, 23, 15, 30)

describe('validateActivitySearch', () => {
  test('keeps what makes sense', () => {
    const search = {
      search: 'ada',
      subject: 'apiKey',
      deploymentId: 'plant',
      range: 'dates',
      from: '2026-11-01',
      to: '2026-11-23',
    }
    expect(validateActivitySearch(search)).toEqual(search)
  })

  test('drops what doesn’t', () => {
    expect(
      validateActivitySearch({
        search: '',
        subject: 'cats',
        range: 'ever',
        deploymentId: ['a'],
        other: 1,
      }),
    ).toEqual({})
    expect(validateActivitySearch({ range: 'dates', from: 'yesterday', to: '2026-99-99' })).toEqual(
      { range: 'dates' },
    )
  })

  test('keeps days for the range between dates alone', () => {
    expect(validateActivitySearch({ range: '7d', from: '2026-11-01' })).toEqual({ range: '7d' })
  })

  test('a key’s own history is about nothing else', () => {
    expect(validateActivitySearch({ appId: 'k1', subject: 'user' })).toEqual({ appId: 'k1' })
  })
})

describe('activityFilter', () => {
  test.each([
    ['today', new Date(2026, 10, 23)],
    ['7d', new Date(2026, 10, 17)],
    ['30d', new Date(2026, 9, 25)],
    ['90d', new Date(2026, 7, 26)],
  ] as const)('%s begins at a midnight', (range, from) => {
    expect(activityFilter({ range }, now)).toEqual({ from: from.toISOString() })
  })

  test('a range of days ends after its last one', () => {
    expect(activityFilter({ range: 'dates', from: '2026-11-01', to: '2026-11-02' }, now)).toEqual({
      from: new Date(2026, 10, 1).toISOString(),
      to: new Date(2026, 10, 3).toISOString(),
    })
  })

  test('asks the same all day long', () => {
    const later = new Date(2026, 10, 23, 23, 59)
    expect(activityFilter({ range: '7d', search: ' ada ' }, later)).toEqual(
      activityFilter({ range: '7d', search: 'ada' }, now),
    )
  })
})
