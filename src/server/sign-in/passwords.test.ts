import { argon2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPasswords, DEFAULT_PASSWORD_COST } from './passwords.ts'

const cheap = createPasswords({ memory: 8, passes: 1 })

test('costs what OWASP asks for: 19 MiB and two passes of Argon2id', async () => {
  const hash = await createPasswords(DEFAULT_PASSWORD_COST).hash('correct horse battery')
  const [, salt = '', key = ''] =
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([\w+/]{22})\$([\w+/]{43})$/.exec(hash) ?? []
  const again = argon2Sync('argon2id', {
    message: 'correct horse battery',
    nonce: Buffer.from(salt, 'base64'),
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 2,
  })
  expect(again.toString('base64')).toBe(`${key}=`)
})

test('takes the right password alone, each with a salt of its own', async () => {
  const [one, other] = [await cheap.hash('pässword one'), await cheap.hash('pässword one')]
  expect(one).not.toBe(other)
  expect(await cheap.verify('pässword one', one)).toBe(true)
  // The same letters as another keyboard sends them.
  expect(await cheap.verify('pa\u0308ssword one', other)).toBe(true)
  for (const wrong of ['', 'Pässword one', 'pässword one ', one]) {
    expect(await cheap.verify(wrong, one)).toBe(false)
  }
  expect(await cheap.verify('pässword one', null)).toBe(false)
})

test('takes a password that was hashed at another cost', async () => {
  const hash = await createPasswords({ memory: 16, passes: 3 }).hash('from another time')
  expect(hash).toContain('m=16,t=3,')
  expect(await cheap.verify('from another time', hash)).toBe(true)
})

test('says so when a stored password is damaged, and lets nobody in', async () => {
  await expect(cheap.verify('x', '$argon2id$v=19$m=8')).rejects.toThrow('damaged')
})

test('a crowd is served in turn, and told when it is too large', async () => {
  const tries = Array.from({ length: 150 }, () => cheap.verify('x', null))
  const ends = await Promise.allSettled(tries)
  const refused = ends.filter((end) => end.status === 'rejected')
  expect(refused).toHaveLength(48)
  expect(refused[0]?.reason).toMatchObject({ status: 503 })
  expect(await cheap.verify('x', null)).toBe(false)
})
