import { Problem } from '../../contract/http/problem.ts'
import type { OpenSession, SignIn } from '../../management/ports.ts'

const session: OpenSession['session'] = {
  kind: 'demo',
  id: 'demo',
  name: 'demo',
  role: 'administrator',
  hasPassword: false,
  expiresAt: null,
}

async function refuse(): Promise<never> {
  throw new Problem(404, 'The demo has no sign-in: everyone who opens it is its administrator.')
}

/** The sign-in of the demo, which has none: whoever opens it is its administrator. */
export const demoSignIn: SignIn = {
  options: () => ({ password: false, openId: null }),
  sessionOf: async () => ({ session, cookies: [] }),
  signIn: refuse,
  signOut: refuse,
  signOutEverywhere: refuse,
  changePassword: refuse,
  // Nobody signs in with a password, so none is stored.
  hashPassword: async () => null,
  startOpenId: refuse,
  finishOpenId: refuse,
}
