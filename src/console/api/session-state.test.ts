import { beforeEach, expect, test, vi } from 'vitest'
import type { RouteName } from '../../contract/routes.ts'
import { noteSessionState, sessionHasEnded, subscribeToSessionState } from './session-state.ts'

const answer = (name: RouteName, status: number) =>
  noteSessionState(name, new Response(null, { status }))

beforeEach(() => answer('getSession', 200))

test('an answer of 401 ends the session, and signing in begins one', () => {
  const heard = vi.fn<() => void>()
  const stop = subscribeToSessionState(heard)
  answer('listDeployments', 401)
  expect(sessionHasEnded()).toBe(true)
  answer('getFigures', 401)
  expect(heard).toHaveBeenCalledTimes(1)
  answer('createSession', 201)
  expect(sessionHasEnded()).toBe(false)
  expect(heard).toHaveBeenCalledTimes(2)
  stop()
})

test('a wrong password ends nothing', () => {
  answer('createSession', 401)
  expect(sessionHasEnded()).toBe(false)
})

test('an answer that was on its way when the session ended brings none back', () => {
  answer('listDeployments', 401)
  answer('getFigures', 200)
  expect(sessionHasEnded()).toBe(true)
})
