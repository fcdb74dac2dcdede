import { diffOperations } from '../../contract/access/summary.ts'
import type { ActivityAction, ActivitySubject } from '../../contract/activity/actions.ts'
import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'

/** What kinds of subject are called in the filter. */
export const subjectLabels: Readonly<Record<ActivitySubject, string>> = {
  session: 'Sign-in',
  apiKey: 'API keys',
  deployment: 'Deployments',
  user: 'Users',
  token: 'Automation tokens',
  request: 'Refused requests',
}

/** What was done, in words around the name of what it was done to. */
export type Description = {
  /** "created the API key". */
  before: string
  /** The name; empty where it would only repeat who did it. */
  name: string
  /** Whether the name is an id or a path, to be set as such. */
  isCode: boolean
  /** "+3 −1", "as viewer". */
  after: string
  /** The note that a key is known by. */
  note: string
  tone: 'plain' | 'refused'
}

type Wording = (entry: ActivityEntry) => Pick<Description, 'before'> & Partial<Description>

const wordings: Readonly<Record<ActivityAction, Wording>> = {
  'session.signIn': (entry) => ({
    before: isByOpenId(entry) ? 'signed in through OpenID' : 'signed in',
    name: '',
  }),
  'session.refuse': describeRefusedSignIn,
  'session.signOut': () => ({ before: 'signed out', name: '' }),
  'session.signOutEverywhere': () => ({ before: 'signed out everywhere', name: '' }),
  'apiKey.create': ({ changes }) => ({
    before: 'created the API key',
    after: withWord('with', accessText(changes)),
  }),
  'apiKey.update': describeKeyUpdate,
  'apiKey.delete': () => ({ before: 'deleted the API key' }),
  'apiKey.rotate': () => ({ before: 'rotated the API key' }),
  'apiKey.endOldSecret': () => ({ before: 'ended the old secret of' }),
  'deployment.create': () => ({ before: 'added the deployment' }),
  'deployment.update': ({ changes }) => {
    const renamed = changes.find(({ field }) => field === 'name')
    return typeof renamed?.before === 'string'
      ? { before: `renamed the deployment ${renamed.before} to` }
      : { before: 'changed the deployment' }
  },
  'deployment.delete': () => ({ before: 'removed the deployment' }),
  'user.create': ({ changes }) => ({
    before: 'added the user',
    after: roleText(changes, 'as'),
  }),
  'user.update': ({ changes }) => {
    const isRole = changes.some(({ field }) => field === 'role')
    const isPassword = changes.some(({ field }) => field === 'password')
    if (isPassword && !isRole) return { before: 'set a new password for' }
    return { before: 'changed the role of', after: roleText(changes, 'to') }
  },
  'user.changePassword': () => ({ before: 'changed their password', name: '' }),
  'user.delete': () => ({ before: 'removed the user' }),
  'token.create': ({ changes }) => ({
    before: 'created the token',
    after: roleText(changes, 'as'),
  }),
  'token.delete': () => ({ before: 'deleted the token' }),
  'request.refuse': () => ({ before: 'was refused', isCode: true, tone: 'refused' }),
}

/** The changes that the words don't tell already. */
export function entryDetails({ changes }: ActivityEntry): readonly ActivityChange[] {
  return changes.filter(({ field }) => !['method', 'password', 'secret'].includes(field))
}

/** Says in words what an entry tells; who did it stands before. */
export function describe(entry: ActivityEntry): Description {
  const { subject } = entry
  const isKey = subject.kind === 'apiKey'
  return {
    name: isKey && subject.id !== null ? subject.id : subject.name,
    isCode: isKey,
    after: '',
    note: isKey && subject.id !== subject.name ? subject.name : '',
    tone: 'plain',
    ...wordings[entry.action](entry),
  }
}

function isByOpenId({ changes }: ActivityEntry): boolean {
  return changes.some(({ field, after }) => field === 'method' && after === 'openId')
}

function describeRefusedSignIn({ changes, subject }: ActivityEntry): ReturnType<Wording> {
  const method = changes.find(({ field }) => field === 'method')?.after
  if (method === 'passwordChange') {
    return { before: 'mistyped their current password', name: '', tone: 'refused' }
  }
  return subject.id === null
    ? { before: 'failed to sign in', name: '', tone: 'refused' }
    : { before: 'failed to sign in as', tone: 'refused' }
}

function describeKeyUpdate({ changes }: ActivityEntry): ReturnType<Wording> {
  const status = changes.find(({ field }) => field === 'status')
  const others = changes.filter((change) => change !== status)
  if (status && others.length === 0) {
    return { before: `${status.after === 'disabled' ? 'disabled' : 'enabled'} the API key` }
  }
  const words = others.map(({ field }) => fieldLabels[field] ?? field)
  const access = changes.find(({ field }) => field === 'access')
  const isDifference = Array.isArray(access?.before) && Array.isArray(access.after)
  const after = isDifference ? accessText(changes) : withWord('to', accessText(changes))
  return {
    before: `changed the ${words.map((word) => word.toLowerCase()).join(' and the ')} of`,
    after,
  }
}

/** What happened to an access: "+3 −1", "12 endpoints", "full access". */
function accessText(changes: readonly ActivityChange[]): string {
  const access = changes.find(({ field }) => field === 'access')
  if (!access) return ''
  const { before, after } = access
  if (Array.isArray(before) && Array.isArray(after)) {
    const { added, removed } = diffOperations(before, after)
    const parts = [
      ...(added.length > 0 ? [`+${added.length}`] : []),
      ...(removed.length > 0 ? [`−${removed.length}`] : []),
    ]
    return parts.join(' ')
  }
  if (after === 'full') return 'full access'
  if (!Array.isArray(after)) return ''
  return after.length === 1 ? '1 endpoint' : `${after.length} endpoints`
}

function withWord(word: string, text: string): string {
  return text === '' ? '' : `${word} ${text}`
}

function roleText(changes: readonly ActivityChange[], word: string): string {
  const role = changes.find(({ field }) => field === 'role')?.after
  return typeof role === 'string' ? `${word} ${role}` : ''
}

/** What the fields of changes are called. */
export const fieldLabels: Readonly<Record<string, string>> = {
  note: 'Note',
  access: 'Access',
  expiresAt: 'Expiry',
  allowedAddresses: 'Addresses',
  oldSecretEndsAt: 'Old secret ends',
  status: 'Status',
  name: 'Name',
  plan: 'Plan',
  region: 'Region',
  backend: 'Backend',
  keyId: 'EMQX API key',
  apiKeys: 'API keys',
  role: 'Role',
  signIn: 'Sign-in',
  password: 'Password',
  method: 'Method',
}
