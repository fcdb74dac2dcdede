import { describe, expect, test } from 'vitest'
import { newSession, sessionOfPage } from './page-session.ts'

/** The storage of one tab. */
function tab(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  }
}

const clock = () => Date.parse('2026-11-23T12:00:00Z')
const open = (storage: Storage, query = '') =>
  sessionOfPage(new URLSearchParams(query), storage, clock)

describe('A tab', () => {
  test('keeps its session across reloads, whatever other tabs do', () => {
    const [one, other] = [tab(), tab()]
    const { session } = open(one)
    expect(open(other).session.id).not.toBe(session.id)
    expect(open(one).session).toEqual(session)
  })

  test('keeps it where the address still names its scenario, seed and time', () => {
    const storage = tab()
    const query = 'scenario=legacy&seed=a%3Bb&now=2026-01-01T00:00:00Z'
    const { session } = open(storage, query)
    expect(session).toMatchObject({
      scenario: 'legacy',
      seed: 'a;b',
      clockStart: Date.parse('2026-01-01T00:00:00Z'),
    })
    expect(open(storage, query).session).toEqual(session)
    expect(open(storage).session).toEqual(session)
  })

  test.each(['scenario=empty', 'seed=2', 'now=2026-01-02T00:00:00Z'])(
    'gets a new one where the address has another %s',
    (query) => {
      const storage = tab()
      const { session } = open(storage, 'scenario=legacy&seed=1&now=2026-01-01T00:00:00Z')
      expect(open(storage, query).session.id).not.toBe(session.id)
    },
  )

  test('opens the default scenario for a name that is none, and says so', () => {
    const { session, unknownScenario } = open(tab(), 'scenario=toString')
    expect([session.scenario, unknownScenario]).toEqual(['default', 'toString'])
  })

  test('starts anew with what it is reset to, and keeps that', () => {
    const storage = tab()
    const { session } = open(storage, 'scenario=many-keys&seed=1')
    const reset = newSession(storage, clock, { scenario: session.scenario, seed: session.seed })
    expect(reset.id).not.toBe(session.id)
    expect(open(storage).session).toEqual(reset)
  })

  test('takes a damaged session for none', () => {
    const storage = tab()
    storage.setItem('latchkey-demo-session', 'x;default;;1;NaN')
    expect(open(storage).session.scenario).toBe('default')
  })
})
