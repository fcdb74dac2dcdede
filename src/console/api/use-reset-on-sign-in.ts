import { useEffect } from 'react'
import type { ApiError } from './api-error.ts'
import { sessionHasEnded, subscribeToSessionState } from './session-state.ts'

/** Forgets that a change was refused for want of a session, once there is one again. */
export function useResetOnSignIn({
  error,
  reset,
}: {
  error: ApiError | null
  reset: () => void
}): void {
  const wasSignedOut = error?.isSignedOut === true
  useEffect(() => {
    if (!wasSignedOut) return undefined
    return subscribeToSessionState(() => {
      if (!sessionHasEnded()) reset()
    })
  }, [wasSignedOut, reset])
}
