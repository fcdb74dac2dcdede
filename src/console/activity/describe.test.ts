import { expect, test } from 'vitest'
import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'
import { describe as describeEntry, entryDetails } from './describe.ts'

const key: ActivityEntry = {
  id: 'e1',
  at: '2026-11-23T12:00:00.000Z',
  action: 'apiKey.update',
  actor: { kind: 'user', id: 'u1', name: 'ada' },
  address: '192.0.2.1',
  deployment: { id: 'plant', name: 'plant' },
  subject: { kind: 'apiKey', id: 'k1', name: 'k1' },
  changes: [],
}
const person = { subject: { kind: 'user', id: 'u2', name: 'grace' } } as const
const session = { subject: { kind: 'session', id: 'u1', name: 'ada' } } as const
const change = (
  field: string,
  before: ActivityChange['before'],
  after: ActivityChange['after'],
): ActivityChange => ({ field, before, after })

function words(entry: Partial<ActivityEntry>): string {
  const { before, name, after, note } = describeEntry({ ...key, ...entry })
  return [before, name, after, note && `· ${note}`].filter(Boolean).join(' ')
}

test.each<[string, Partial<ActivityEntry>]>([
  [
    'rotated the API key k1',
    { action: 'apiKey.rotate', changes: [change('secret', null, 'changed')] },
  ],
  ['ended the old secret of k1', { action: 'apiKey.endOldSecret' }],
  [
    'changed the addresses of k1',
    { changes: [change('allowedAddresses', null, ['192.0.2.0/24'])] },
  ],
  [
    'changed the access of k1 +2 −1',
    { changes: [change('access', ['GET /a', 'GET /b'], ['GET /a', 'GET /c', 'GET /d'])] },
  ],
  ['changed the access of k1 to full access', { changes: [change('access', ['GET /a'], 'full')] }],
  ['changed the access of k1 to 1 endpoint', { changes: [change('access', 'full', ['GET /a'])] }],
  [
    'changed the note and the access of k1 +1',
    { changes: [change('note', null, 'x'), change('access', ['GET /a'], ['GET /a', 'GET /b'])] },
  ],
  [
    'changed the note of k1 · Grafana',
    {
      subject: { kind: 'apiKey', id: 'k1', name: 'Grafana' },
      changes: [change('note', 'x', 'Grafana')],
    },
  ],
  ['disabled the API key k1', { changes: [change('status', 'active', 'disabled')] }],
  ['enabled the API key k1', { changes: [change('status', 'disabled', 'active')] }],
  [
    'created the API key k1 with 2 endpoints',
    { action: 'apiKey.create', changes: [change('access', null, ['GET /a', 'GET /b'])] },
  ],
  [
    'created the API key k1 with full access',
    { action: 'apiKey.create', changes: [change('access', null, 'full')] },
  ],
  ['deleted the API key k1', { action: 'apiKey.delete' }],
  [
    'renamed the deployment north to south',
    {
      action: 'deployment.update',
      subject: { kind: 'deployment', id: 'north', name: 'south' },
      changes: [change('name', 'north', 'south')],
    },
  ],
  [
    'added the user grace as viewer',
    { ...person, action: 'user.create', changes: [change('role', null, 'viewer')] },
  ],
  [
    'changed the role of grace to operator',
    { ...person, action: 'user.update', changes: [change('role', 'viewer', 'operator')] },
  ],
  [
    'set a new password for grace',
    { ...person, action: 'user.update', changes: [change('password', null, 'changed')] },
  ],
  ['removed the user grace', { ...person, action: 'user.delete' }],
  ['signed in', { ...session, action: 'session.signIn' }],
  [
    'signed in through OpenID',
    { ...session, action: 'session.signIn', changes: [change('method', null, 'openId')] },
  ],
  ['failed to sign in as ada', { ...session, action: 'session.refuse' }],
  [
    'failed to sign in',
    { action: 'session.refuse', subject: { kind: 'session', id: null, name: 'unknown user' } },
  ],
  [
    'was refused POST /deployments',
    {
      action: 'request.refuse',
      subject: { kind: 'request', id: null, name: 'POST /deployments' },
    },
  ],
])('%s', (expected, entry) => {
  expect(words(entry)).toBe(expected)
})

test('there is nothing to unfold where the words tell all', () => {
  expect(entryDetails({ ...key, changes: [change('method', null, 'password')] })).toEqual([])
  expect(entryDetails({ ...key, changes: [change('note', 'a', 'b')] })).toHaveLength(1)
})
