import type { RouteName } from '../../contract/routes.ts'

let hasEnded = false
const listeners = new Set<() => void>()

/**
 * Watches every answer of the management API for the end of the session: one of them says that
 * nobody is signed in. A wrong password at signing in is no such end.
 */
export function noteSessionState(name: RouteName, { status, ok }: Response): void {
  if (status === 401 && name !== 'createSession') change(true)
  else if (ok && (name === 'createSession' || name === 'getSession')) change(false)
}

function change(next: boolean): void {
  if (next === hasEnded) return
  hasEnded = next
  for (const listener of listeners) listener()
}

/** Whether the last that was heard is that nobody is signed in. */
export function sessionHasEnded(): boolean {
  return hasEnded
}

export function subscribeToSessionState(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
