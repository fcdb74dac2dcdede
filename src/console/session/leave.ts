/**
 * Goes to the sign-in page once the session is over. The page is reloaded, so that nothing of what the
 * session has shown stays in memory.
 */
export function leaveForSignIn(): void {
  window.location.assign(`${import.meta.env.BASE_URL}sign-in`)
}
