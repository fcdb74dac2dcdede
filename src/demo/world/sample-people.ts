import type { Role } from '../../contract/accounts/roles.ts'
import { toHex } from '../../contract/bytes.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import type { NewToken } from '../../store/people/tokens.ts'
import type { NewUser } from '../../store/people/users.ts'

const DAY = 86_400_000

/** A person of the demo, and where they sit. The addresses are those kept for examples (RFC 5737). */
export type SamplePerson = NewUser & { address: string }

type Person = { username: string; role: Role; joined: number; seen: number; address: string }

const people: readonly Person[] = [
  {
    username: 'ines.moreau',
    role: 'administrator',
    joined: 704,
    seen: 0.09,
    address: '192.0.2.14',
  },
  { username: 'jonas.weber', role: 'operator', joined: 512, seen: 0.31, address: '192.0.2.27' },
  { username: 'maria.keller', role: 'operator', joined: 388, seen: 1.2, address: '198.51.100.8' },
  { username: 'priya.nair', role: 'viewer', joined: 143, seen: 0.17, address: '192.0.2.61' },
  { username: 'tom.okafor', role: 'viewer', joined: 96, seen: 6.4, address: '198.51.100.93' },
]

type Token = {
  name: string
  role: Role
  made: number
  /** Days until it expires; null for never. */
  expiresIn: number | null
  used: number
}

const tokens: readonly Token[] = [
  { name: 'Terraform', role: 'administrator', made: 210, expiresIn: 155, used: 0.08 },
  { name: 'CI pipeline', role: 'operator', made: 64, expiresIn: 26, used: 0.008 },
  { name: 'Inventory report', role: 'viewer', made: 431, expiresIn: null, used: 0.36 },
  { name: 'Move to v5', role: 'administrator', made: 58, expiresIn: -28, used: 30.2 },
]

/** The users of an installation in use, the administrator first. None of them has a password. */
export function believablePeople(now: Date, random: RandomBytes): SamplePerson[] {
  return people.map(({ username, role, joined, seen, address }) => ({
    id: toHex(random(16)),
    username,
    role,
    passwordHash: null,
    createdAt: ago(now, joined),
    lastSignInAt: ago(now, seen),
    address,
  }))
}

/** Automation tokens that this user made. No secret has a random hash, so they open nothing. */
export function believableTokens(createdBy: string, now: Date, random: RandomBytes): NewToken[] {
  return tokens.map(({ name, role, made, expiresIn, used }) => ({
    id: toHex(random(16)),
    name,
    role,
    createdBy,
    createdAt: ago(now, made),
    expiresAt: expiresIn === null ? null : ago(now, -expiresIn),
    lastUsedAt: `${ago(now, used).slice(0, 16)}:00.000Z`,
    secretHash: random(32),
  }))
}

/** The time this many days before. */
export function ago(now: Date, days: number): string {
  return new Date(now.getTime() - Math.round(days * DAY)).toISOString()
}
