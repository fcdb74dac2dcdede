import { beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD } from '../contract-suite/accounts.ts'
import { contractCases } from '../contract-suite/contract-suite.ts'
import { call } from '../contract-suite/host.ts'
import { open, type Opened } from './testing/open-session.ts'

describe('The demo keeps what every host promises:', () => {
  let demo: Opened
  beforeAll(async () => {
    demo = await open('default', { ticks: true })
  })
  test.each(contractCases)('$name', async ({ run }) => run(demo))
})

test('Whoever opens the demo is its administrator; there is no sign-in, and it says so', async () => {
  const demo = await open()
  const { text } = await call(demo, 'getSession')
  expect(JSON.parse(text)).toMatchObject({
    kind: 'demo',
    role: 'administrator',
    hasPassword: false,
  })
  const json = { username: 'admin', password: PASSWORD }
  const change = { currentPassword: PASSWORD, newPassword: PASSWORD }
  for (const answer of [
    await call(demo, 'createSession', { json }),
    await call(demo, 'deleteSession'),
    await call(demo, 'deleteSessions'),
    await call(demo, 'changePassword', { json: change }),
    await call(demo, 'startOpenId'),
    await call(demo, 'finishOpenId'),
  ]) {
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('no sign-in')])
  }
})
