import { expect, test } from 'vitest'
import { FastHistogram } from './fast-histogram.ts'

test('counts up to each bound, which a value may be, and beyond them all', () => {
  const histogram = new FastHistogram({ name: 'waited', help: 'Waiting', buckets: [0.1, 1] })
  const waited = histogram.series({ who: 'a', where: 'b' })
  for (const value of [0.1, 0.5, 1, 1.5]) waited.observe(value)
  expect(histogram.text()).toBe(
    [
      '# HELP waited Waiting',
      '# TYPE waited histogram',
      'waited_bucket{who="a",where="b",le="0.1"} 1',
      'waited_bucket{who="a",where="b",le="1"} 3',
      'waited_bucket{who="a",where="b",le="+Inf"} 4',
      'waited_sum{who="a",where="b"} 3.1',
      'waited_count{who="a",where="b"} 4',
      '',
    ].join('\n'),
  )
})

test('what was never seen is there as well, so that nobody takes its server for gone', () => {
  const histogram = new FastHistogram({ name: 'waited', help: 'Waiting', buckets: [1] })
  histogram.series({})
  expect(histogram.text()).toContain('\nwaited_bucket{le="+Inf"} 0\nwaited_sum 0\nwaited_count 0\n')
})

test('a series without labels has those of its buckets alone', () => {
  const histogram = new FastHistogram({ name: 'waited', help: 'Waiting', buckets: [1] })
  histogram.series({}).observe(2)
  const [, , ...lines] = histogram.text().split('\n')
  expect(lines).toEqual([
    'waited_bucket{le="1"} 0',
    'waited_bucket{le="+Inf"} 1',
    'waited_sum 2',
    'waited_count 1',
    '',
  ])
})
