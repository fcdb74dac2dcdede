import type { Role } from '../../contract/accounts/roles.ts'
import { toHex } from '../../contract/bytes.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import type { NewToken } from '../../store/people/tokens.ts'
import type { NewUser } from '../../store/people/users.ts'

const DAY = 86_400_000

/** A sample user and their address, from the ranges reserved for documentation (RFC 5737). */
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

/** Makes sample users without passwords, the administrator first. */
export function makeSamplePeople(now: Date, random: RandomBytes): SamplePerson[] {
  return people.map(({ username, role, joined, seen, address }) => ({
    id: toHex(random(16)),
    username,
    role,
    passwordHash: null,
    createdAt: daysBefore(now, joined),
    lastSignInAt: daysBefore(now, seen),
    address,
  }))
}

/** Makes automation tokens. A random hash belongs to no secret, so nobody can use them. */
export function makeSampleTokens(createdBy: string, now: Date, random: RandomBytes): NewToken[] {
  return tokens.map(({ name, role, made, expiresIn, used }) => ({
    id: toHex(random(16)),
    name,
    role,
    createdBy,
    createdAt: daysBefore(now, made),
    expiresAt: expiresIn === null ? null : daysBefore(now, -expiresIn),
    lastUsedAt: `${daysBefore(now, used).slice(0, 16)}:00.000Z`,
    secretHash: random(32),
  }))
}

/** The time a number of days before another one, as RFC 3339. */
export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - Math.round(days * DAY)).toISOString()
}
