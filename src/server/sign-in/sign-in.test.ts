import { describe, expect, test } from 'vitest'
import { engines } from '../../../test/harness/engines.ts'
import type { Principal } from '../../management/ports.ts'
import type { Store } from '../../store/store.ts'
import { createSignIn } from './sign-in.ts'

const AT = '2026-11-23T12:00:00.000Z'
const ADDRESS = '192.0.2.1'
const ada = { id: 'u-ada', username: 'ada' }
const caller: Principal = {
  actor: { kind: 'user', id: ada.id, name: ada.username, role: 'administrator' },
  address: ADDRESS,
}

/** Takes a password for right where its hash is the same text; `meanwhile` happens after that. */
async function signInWith(store: Store, meanwhile: () => Promise<unknown>) {
  await store.users.create({
    ...ada,
    role: 'administrator',
    passwordHash: 'old password',
    createdAt: AT,
  })
  return createSignIn({
    store,
    passwords: {
      hash: async (password) => password,
      async verify(password, hash) {
        await meanwhile()
        return password === (hash ?? '') || hash === 'given by another'
      },
    },
    openId: null,
    origin: 'https://latchkey.example',
    encryptionKey: new Uint8Array(32),
    now: () => new Date(AT),
    onError: (error) => {
      throw error
    },
    providerTimeout: 1000,
  })
}

/** Another administrator gives the user a new password, which ends every session. */
const giveAnotherPassword = (store: Store) =>
  store.transaction(async ({ users, sessions }) => {
    await users.setPassword(ada.id, 'given by another', AT)
    await sessions.removeOfUser(ada.id)
  })

const sessionsIn = async ({ database }: Store) =>
  (await database.selectFrom('sessions').select('id').execute()).length

const passwordIn = async ({ users }: Store) => (await users.forSignIn('ada'))?.passwordHash

const request = (cookies: readonly string[] = []) => {
  const cookie = cookies.map((one) => one.split(';')[0]).join('; ')
  return new Request('https://latchkey.example/', { headers: { cookie } })
}

describe.each(engines)(
  'on $name, where another password is given while one is checked',
  (engine) => {
    test('nobody is signed in by the old one', async () => {
      const store = await engine.openEmpty()
      const signIn = await signInWith(store, () => giveAnotherPassword(store))
      const credentials = { username: 'ada', password: 'old password' }
      await expect(signIn.signIn(request(), credentials, ADDRESS)).rejects.toMatchObject({
        status: 401,
      })
      expect(await sessionsIn(store)).toBe(0)
      const { items } = await store.activity.list({ limit: 9 }).then((items) => ({ items }))
      expect(items.map(({ action }) => action)).toEqual(['session.refuse'])
    })

    test('nobody changes it by the old one', async () => {
      const store = await engine.openEmpty()
      let meanwhile = async () => {}
      const signIn = await signInWith(store, () => meanwhile())
      const credentials = { username: 'ada', password: 'old password' }
      const { cookies } = await signIn.signIn(request(), credentials, ADDRESS)
      meanwhile = () =>
        store.transaction(({ users }) => users.setPassword(ada.id, 'given by another', AT))
      const change = { currentPassword: 'old password', newPassword: 'my own again' }
      await expect(signIn.changePassword(request(cookies), change, caller)).rejects.toMatchObject({
        status: 422,
      })
      expect(await passwordIn(store)).toBe('given by another')
    })
  },
)
