import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSearchIndex, findHighlights, matchesWords, searchWords } from './catalog-search.ts'
import { toCatalogView } from './catalog-view.ts'

const catalog = toCatalogView({
  categories: [
    {
      name: 'Clients',
      operations: [
        {
          id: 'POST /clients/{clientid}/subscribe',
          method: 'POST',
          path: '/clients/{clientid}/subscribe',
          summary: 'Subscribe a client to a topic',
          supported: true,
        },
      ],
    },
  ],
})
const index = buildSearchIndex(catalog)
const finds = (query: string) =>
  matchesWords(index, 'POST /clients/{clientid}/subscribe', searchWords(query))

describe('search', () => {
  it.each([
    ['  topic ', 'the summary, trimmed'],
    ['post', 'the method in any case'],
    ['CLIENTID}/sub', 'the path'],
    ['clients', 'the category'],
    ['topic client post', 'several words over several fields in any order'],
    ['', 'nothing asked'],
  ])('finds %j (%s)', (query) => {
    expect(finds(query)).toBe(true)
  })

  it('needs every word', () => {
    expect(finds('topic delete')).toBe(false)
  })

  it('lets no word match across two fields', () => {
    expect(finds('post/clients')).toBe(false)
  })

  it('knows no other operation', () => {
    expect(matchesWords(index, 'GET /clients', [])).toBe(false)
  })

  it('gives the same answer for the words in any order and any spacing', () => {
    const word = fc.constantFrom('sub', 'POST', 'topic', 'x', 'Clients', '/clients', 'delete')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        expect(finds(`  ${words.toReversed().join('   ')}\t`)).toBe(finds(words.join(' ')))
      }),
    )
  })
})

describe('marks', () => {
  it('cover each match and merge where words overlap', () => {
    expect(findHighlights('Subscribe to subscriptions', ['sub', 'bsc'])).toEqual([
      { start: 0, end: 5 },
      { start: 13, end: 18 },
    ])
  })

  it('stay in the text, sorted and apart, and hold a word each, whatever the text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(text, fc.string({ maxLength: 6 }), (shown, query) => {
        const words = searchWords(query)
        const ranges = findHighlights(shown, words)
        let end = -1
        for (const range of ranges) {
          expect(range.start).toBeGreaterThan(end)
          expect(range.end).toBeGreaterThan(range.start)
          end = range.end
        }
        expect(end).toBeLessThanOrEqual(shown.length)
      }),
    )
  })

  it('mark a word wherever it was put into a text', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 12 })
    const word = fc.stringMatching(/^[a-zA-Z/{}]{1,8}$/)
    fc.assert(
      fc.property(part, word, part, (before, inserted, after) => {
        const text = `${before}${inserted}${after}`
        const ranges = findHighlights(text, searchWords(inserted.toUpperCase()))
        const start = before.length
        const end = start + inserted.length
        expect(ranges.some((range) => range.start <= start && range.end >= end)).toBe(true)
      }),
    )
  })
})
