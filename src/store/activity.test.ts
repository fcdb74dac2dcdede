import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../test/harness/engines.ts'
import type { NewActivityEntry } from './activity.ts'
import type { Store } from './store.ts'

const NOON = '2026-11-23T12:00:00.000Z'

describe.each(engines)('On $name,', (engine) => {
  let store: Store
  beforeEach(async () => {
    store = await engine.openEmpty()
  })

  const entry = (is: Partial<NewActivityEntry> = {}): NewActivityEntry => ({
    at: NOON,
    action: 'token.create',
    actor: { kind: 'user', id: 'u1', name: 'Noor' },
    address: '192.0.2.1',
    deployment: null,
    subject: { kind: 'token', id: 't1', name: 'Nightly' },
    changes: [],
    ...is,
  })

  describe('Activity', () => {
    test('comes back as it was added, also of what is gone', async () => {
      const added = entry({
        deployment: { id: 'line-3', name: 'Line 3' },
        changes: [
          { field: 'access', before: ['GET /clients', 'GET /a,"b'], after: 'full' },
          { field: 'note', before: null, after: 'Ünïcode\u2028' },
        ],
      })
      await store.activity.add(added)
      const [read] = await store.activity.list({ limit: 1 })
      expect(read).toEqual({ ...added, id: read?.id })
    })

    test('of one millisecond comes in the order in which it was added, the newest first', async () => {
      for (let index = 0; index < 40; index += 1) {
        await store.activity.add(entry({ subject: { kind: 'token', id: `${index}`, name: 'x' } }))
      }
      const entries = await store.activity.list({ limit: 100 })
      expect(entries.map(({ subject }) => Number(subject.id))).toEqual(
        Array.from({ length: 40 }, (_, index) => 39 - index),
      )
    })

    test('is searched by words, in any case and order, with no wildcards', async () => {
      const key = { kind: 'apiKey' as const, id: 'k0123456789a', name: '100% Übersicht' }
      await store.activity.add(
        entry(),
        entry({ subject: key, actor: { ...entry().actor, name: 'Abel' } }),
      )
      const found = async (search: string) =>
        (await store.activity.list({ search, limit: 9 })).length
      expect(await found('noor')).toBe(1)
      expect(await found('NIGHTLY noor')).toBe(1)
      expect(await found('übersicht abel')).toBe(1)
      expect(await found('k01234')).toBe(1)
      expect(await found('192.0.2.1')).toBe(2)
      expect(await found('0%')).toBe(1)
      expect([
        await found('_'),
        await found('%%'),
        await found('t1'),
        await found('abel noor'),
      ]).toEqual([0, 0, 0, 0])
    })

    test('is given by pages of any size once and whole, whatever the filter', async () => {
      const subjects = ['token', 'user', 'apiKey'] as const
      const made = fc.record({
        minute: fc.integer({ min: 0, max: 5 }),
        subject: fc.constantFrom(...subjects),
        deployment: fc.constantFrom('line-3', 'line-4', null),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(made, { maxLength: 25 }),
          fc.integer({ min: 1, max: 7 }),
          fc.option(fc.constantFrom(...subjects), { nil: undefined }),
          fc.option(fc.constantFrom('line-3', 'line-4'), { nil: undefined }),
          fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
          async (entries, limit, subject, deploymentId, fromMinute) => {
            const store = await engine.openEmpty()
            const at = (minute: number) => `2026-11-23T12:0${minute}:00.000Z`
            await store.activity.add(
              ...entries.map((one, index) =>
                entry({
                  at: at(one.minute),
                  subject: { kind: one.subject, id: String(index), name: 'x' },
                  deployment: one.deployment ? { id: one.deployment, name: 'x' } : null,
                }),
              ),
            )
            const from = fromMinute === undefined ? undefined : at(fromMinute)
            const seen = []
            let after: { at: string; id: string } | undefined
            for (;;) {
              const filter = { subject, deploymentId, from }
              const page = await store.activity.list({ ...filter, limit, after })
              seen.push(...page)
              after = page.at(-1)
              if (page.length < limit) break
            }
            const wanted = entries
              .map((one, index) => ({ ...one, index }))
              .filter((one) => subject === undefined || one.subject === subject)
              .filter((one) => deploymentId === undefined || one.deployment === deploymentId)
              .filter((one) => fromMinute === undefined || one.minute >= fromMinute)
              .toSorted((one, other) => other.minute - one.minute)
            expect(seen.map(({ at }) => at)).toEqual(wanted.map(({ minute }) => at(minute)))
            expect(seen.map(({ subject }) => String(subject.id)).toSorted()).toEqual(
              wanted.map(({ index }) => String(index)).toSorted(),
            )
          },
        ),
        { numRuns: 40 },
      )
    })

    test('a history of a thousand entries and more is added at once', async () => {
      await store.activity.add(...Array.from({ length: 2500 }, () => entry()))
      expect(await store.activity.list({ limit: 3000 })).toHaveLength(2500)
    })
  })
})
