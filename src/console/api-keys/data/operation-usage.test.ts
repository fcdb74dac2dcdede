import { describe, expect, it, test } from 'vitest'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { usageWith } from '../testing.tsx'
import { summarizeOperationUsage } from './operation-usage.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString()
const counts = { allowed: 0, refused: 0, failed: 0 }
const ids: OperationId[] = ['GET /a', 'POST /a', 'GET /b', 'PUT /b/{id}', 'DELETE /b/{id}']

describe('what is said at an operation', () => {
  const usage = usageWith({
    recordedSince: daysAgo(60.4),
    operations: [
      { operation: 'GET /a', ...counts, allowed: 9, lastUsedAt: daysAgo(2.2) },
      { operation: 'POST /a', ...counts, refused: 4, lastUsedAt: null },
      { operation: 'GET /b', ...counts, failed: 4, lastUsedAt: null },
      { operation: 'PUT /b/{id}', ...counts, allowed: 1, lastUsedAt: daysAgo(50) },
    ],
  })
  const { texts, days } = summarizeOperationUsage(
    usage,
    ['GET /a', 'POST /a', 'GET /b', 'DELETE /b/{id}'],
    now,
  )

  it('is when it was last used, or since when it was not', () => {
    expect(days).toBe(60)
    expect(texts.get('GET /a')).toBe('last used 2 d ago')
    expect(texts.get('DELETE /b/{id}')).toBe('unused for 60 d')
  })

  it('takes a refused call for no use, and one without an answer for an attempt', () => {
    expect(texts.get('POST /a')).toBe('unused for 60 d')
    expect(texts.get('GET /b')).toBe('called, but not answered')
  })

  it('tells the use of one that was taken away since', () => {
    expect(texts.get('PUT /b/{id}')).toBe('last used 50 d ago')
  })
})

test('the record goes back 90 days at most, and may have begun today', () => {
  const days = (since: string) =>
    summarizeOperationUsage(usageWith({ recordedSince: since }), [], now).days
  expect(days(daysAgo(400))).toBe(90)
  expect(days(daysAgo(0.5))).toBe(0)
  const { texts } = summarizeOperationUsage(
    usageWith({ recordedSince: daysAgo(0.5) }),
    ['GET /a'],
    now,
  )
  expect(texts.get('GET /a')).toBe('not used yet')
})

test('a key that may have been used before its record began is never called unused', () => {
  const { texts, days } = summarizeOperationUsage(usageWith({ recordedSince: null }), ids, now)
  expect(days).toBeUndefined()
  expect(texts.size).toBe(0)
})
