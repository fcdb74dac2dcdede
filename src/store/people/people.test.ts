import { beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../../test/harness/engines.ts'
import type { NewActivityEntry } from '../activity.ts'
import type { Store } from '../store.ts'
import type { NewToken } from './tokens.ts'
import type { NewUser } from './users.ts'

const NOON = '2026-11-23T12:00:00.000Z'

describe.each(engines)('On $name,', (engine) => {
  let store: Store
  beforeEach(async () => {
    store = await engine.openEmpty()
  })

  const user = (username: string, is: Partial<NewUser> = {}): NewUser => ({
    id: `id-of-${username}`,
    username,
    role: 'viewer',
    passwordHash: 'a hash',
    createdAt: NOON,
    ...is,
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

  async function addSession(userId: string, token: string): Promise<void> {
    await store.database
      .insertInto('sessions')
      .values({
        id: token,
        user_id: userId,
        token,
        method: 'password',
        ip_address: null,
        user_agent: null,
        expires_at: '2026-11-24T00:00:00.000Z',
        created_at: NOON,
        updated_at: NOON,
      })
      .execute()
  }

  /** The users whose sessions there are, by the sessions' tokens. */
  async function sessions(): Promise<Record<string, string>> {
    const rows = await store.database.selectFrom('sessions').select(['token', 'user_id']).execute()
    return Object.fromEntries(rows.map(({ token, user_id: userId }) => [token, userId]))
  }

  describe('A transaction', () => {
    test('does all or nothing, in every part of the store', async () => {
      const work = store.transaction(async (parts) => {
        await parts.users.create(user('noor'))
        await parts.activity.add(entry())
        await parts.apiKeys.createMany([])
        throw new Error('no')
      })
      await expect(work).rejects.toThrow('no')
      expect([await store.users.list(), await store.activity.list({ limit: 9 })]).toEqual([[], []])
    })

    test('of several at once each sees what the ones before it did', async () => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f']
      const counts = await Promise.all(
        names.map((name) =>
          store.transaction(async ({ users }) => {
            await users.create(user(name))
            return users.count()
          }),
        ),
      )
      expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4, 5, 6]))
    })
  })

  describe('Users', () => {
    test('come in the order of their names, and are found by the name they sign in with', async () => {
      await store.users.create(user('zoe'))
      await store.users.create(user('abel', { role: 'operator' }))
      expect((await store.users.list()).map(({ username }) => username)).toEqual(['abel', 'zoe'])
      const abel = { id: 'id-of-abel', username: 'abel', passwordHash: 'a hash' }
      expect(await store.users.forSignIn('abel')).toEqual(abel)
      expect(await store.users.forSignIn('Abel')).toBeUndefined()
    })

    test('a name that is taken adds neither a user nor a way to sign in', async () => {
      await store.users.create(user('noor'))
      expect(await store.users.create(user('noor', { id: 'other' }))).toBe(false)
      const accounts = await store.database.selectFrom('accounts').select('user_id').execute()
      expect(accounts).toEqual([{ user_id: 'id-of-noor' }])
    })

    test('of two changes based on one version, one is done and one is stale', async () => {
      await store.users.create(user('noor'))
      const target = { id: 'id-of-noor', version: 1, at: NOON }
      const outcomes = await Promise.all([
        store.users.update(target, { role: 'operator', passwordHash: 'one' }),
        store.users.update(target, { role: 'administrator', passwordHash: 'other' }),
      ])
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'stale'])
      const { password } = await store.database
        .selectFrom('accounts')
        .select('password')
        .executeTakeFirstOrThrow()
      const role = (await store.users.get('id-of-noor'))?.role
      expect([role, password]).toEqual(role === 'operator' ? ['operator', 'one'] : [role, 'other'])
    })

    test('a change of the role leaves the password, and the other way round', async () => {
      await store.users.create(user('noor'))
      const change = (version: number, change: Parameters<Store['users']['update']>[1]) =>
        store.users.update({ id: 'id-of-noor', version, at: NOON }, change)
      const passwordOf = async () =>
        (await store.database.selectFrom('accounts').select('password').execute())[0]?.password
      await change(1, { role: 'operator' })
      expect(await passwordOf()).toBe('a hash')
      await change(2, { passwordHash: 'another' })
      expect([await passwordOf(), (await store.users.get('id-of-noor'))?.role]).toEqual([
        'another',
        'operator',
      ])
    })

    test('leave with their sessions and ways to sign in; those of others stay', async () => {
      await store.users.create(user('noor'))
      await store.users.create(user('abel'))
      await addSession('id-of-noor', 'n')
      await addSession('id-of-abel', 'a')
      expect((await store.users.remove('id-of-noor', 2)).outcome).toBe('stale')
      expect((await store.users.remove('id-of-noor', 1)).outcome).toBe('done')
      expect((await store.users.remove('id-of-noor', 1)).outcome).toBe('missing')
      expect(await sessions()).toEqual({ a: 'id-of-abel' })
      const accounts = await store.database.selectFrom('accounts').select('user_id').execute()
      expect(accounts).toEqual([{ user_id: 'id-of-abel' }])
    })

    test('who sign in through OpenID alone are told from those with a password', async () => {
      await store.users.create(user('noor'))
      await store.database.updateTable('accounts').set({ provider_id: 'openid' }).execute()
      expect((await store.users.get('id-of-noor'))?.signIn).toBe('openId')
      expect(await store.users.forSignIn('noor')).toMatchObject({ passwordHash: null })
    })
  })

  describe('Sessions', () => {
    test('end one by one, all of a user, or when they are over', async () => {
      await store.users.create(user('noor'))
      for (const token of ['a', 'b', 'c']) await addSession('id-of-noor', token)
      expect([await store.sessions.remove('a'), await store.sessions.remove('a')]).toEqual([
        true,
        false,
      ])
      await store.sessions.prune('2026-11-24T00:00:00.000Z')
      expect(await sessions()).toEqual({ b: 'id-of-noor', c: 'id-of-noor' })
      await store.sessions.removeOfUser('id-of-noor')
      expect(await sessions()).toEqual({})
    })
  })

  describe('Tokens', () => {
    const token = (id: string, byte: number): NewToken => ({
      id,
      name: `Token ${id}`,
      role: 'viewer',
      createdAt: NOON,
      createdBy: 'noor',
      expiresAt: null,
      secretHash: new Uint8Array(32).fill(byte),
    })

    test('are found by the hash of their secret alone, until they are deleted', async () => {
      await store.tokens.create(token('b', 1))
      await store.tokens.create(token('a', 2))
      const found = await store.tokens.findBySecretHash(new Uint8Array(32).fill(1))
      expect(found).toMatchObject({ id: 'b', lastUsedAt: null })
      expect(JSON.stringify(await store.tokens.list())).not.toMatch(/hash|0101/i)
      expect(await store.tokens.findBySecretHash(new Uint8Array(32).fill(3))).toBeUndefined()
      expect((await store.tokens.remove('b'))?.name).toBe('Token b')
      expect(await store.tokens.remove('b')).toBeUndefined()
      expect(await store.tokens.findBySecretHash(new Uint8Array(32).fill(1))).toBeUndefined()
    })
  })
})
