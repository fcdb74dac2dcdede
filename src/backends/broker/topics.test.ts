import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSharedFilter, matchesFilter, topicFilterProblem, topicNameProblem } from './topics.ts'

// From MQTT 3.1.1, sections 4.7.1 and 4.7.2.
it.each([
  ['sport/tennis/player1', 'sport/tennis/player1/#', true],
  ['sport/tennis/player1/score/wimbledon', 'sport/tennis/player1/#', true],
  ['sport', 'sport/#', true],
  ['sport/tennis', '#', true],
  ['sport/tennis/player1', 'sport/tennis/+', true],
  ['sport/tennis/player1/ranking', 'sport/tennis/+', false],
  ['sport', 'sport/+', false],
  ['sport/', 'sport/+', true],
  ['/finance', '+/+', true],
  ['/finance', '/+', true],
  ['/finance', '+', false],
  ['$SYS/monitor/Clients', '#', false],
  ['$SYS/monitor/Clients', '+/monitor/Clients', false],
  ['$SYS/monitor/Clients', '$SYS/#', true],
  ['ACCOUNTS', 'Accounts', false],
  ['a/b', 'a/b/c', false],
  ['a/b/c', 'a/b', false],
])('%s, subscribed to by %s: %s', (topic, filter, matches) => {
  expect(matchesFilter(topic, filter)).toBe(matches)
})

it('matches level by level', () => {
  const word = fc.constantFrom('a', 'ab', 'b', '', '$x')
  const levels = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 4 })
  const filters = fc
    .tuple(levels(fc.oneof(word, fc.constant('+'))), fc.boolean())
    .map(([words, isOpen]) => (isOpen ? [...words, '#'] : words))
  fc.assert(
    fc.property(levels(word), filters, (names, words) => {
      const isOpen = words.at(-1) === '#'
      const fixed = isOpen ? words.slice(0, -1) : words
      const isHidden = names[0]?.startsWith('$') && words[0] === '+'
      const fits = isOpen ? names.length >= fixed.length : names.length === fixed.length
      const matches = fits && fixed.every((one, at) => one === '+' || one === names[at])
      expect(matchesFilter(names.join('/'), words.join('/'))).toBe(matches && !isHidden)
    }),
  )
})

const deep = (levels: number) => Array.from({ length: levels }, () => 'a').join('/')

it.each([
  ['plant/7/state', true],
  ['/', true],
  ['ä/😀', true],
  [deep(100), true],
  ['a'.repeat(65_535), true],
  ['', false],
  ['a/+', false],
  ['a#', false],
  ['a\u0000b', false],
  ['\ud800', false],
  [deep(101), false],
  ['ä'.repeat(32_768), false],
  ['$SYS/other/new/clients', false],
])('topic %j can be published to: %s', (topic, isFine) => {
  expect(topicNameProblem(topic) === undefined).toBe(isFine)
})

it.each([
  ['#', true],
  ['+', true],
  ['+/a/#', true],
  ['a//b', true],
  ['', false],
  ['a/#/b', false],
  ['a#', false],
  ['a/b+', false],
  ['+a/b', false],
  ['##', false],
  ['a\u0000', false],
  [deep(101), false],
])('filter %j can be subscribed to: %s', (filter, isFine) => {
  expect(topicFilterProblem(filter) === undefined).toBe(isFine)
})

it('tells shared filters', () => {
  expect(['$share/g/a', '$queue/a', '$shared/a', 'a/$share/g'].map(isSharedFilter)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
