import { describe, expect, test } from 'vitest'
import { parseSentinels, sentinelTexts } from './faults.ts'

describe('Sentinels', () => {
  test.each([
    ['fail:503', { status: 503, delay: 0 }],
    ['a note, slow:2000 and fail:422', { status: 422, delay: 2000 }],
    ['slow:999999', { status: undefined, delay: 30_000 }],
    ['fail:200', { status: undefined, delay: 0 }],
    ['failsafe:500 prevail:500x', { status: undefined, delay: 0 }],
    ['fail:5000', { status: undefined, delay: 0 }],
  ])('in %j ask for %o', (text, fault) => {
    expect(parseSentinels(text)).toEqual(fault)
  })
})

describe('The texts of a request', () => {
  const address = 'https://demo.example/api/v1/x'
  const post = (body: string) => new Request(address, { method: 'POST', body })

  test('are note, name and search', async () => {
    const request = post('{"note":"n","name":"m","access":{"note":"no"}}')
    expect(await sentinelTexts(request)).toEqual([
      ['note', 'n'],
      ['name', 'm'],
    ])
    expect(await sentinelTexts(new Request(`${address}?search=a%20b`))).toEqual([['search', 'a b']])
  })

  test('leave the request to be read', async () => {
    const request = post('{"note":"n"}')
    await sentinelTexts(request)
    expect(await request.text()).toBe('{"note":"n"}')
  })

  test.each(['', 'null', '[1]', 'not JSON', '{"note":5}'])('are none in %j', async (body) => {
    expect(await sentinelTexts(post(body))).toEqual([])
  })
})
