import { randomBytes } from 'node:crypto'
import type { Secret } from '../../contract/secret.ts'
import type { Store } from '../../store/store.ts'
import { newUser } from './activity-entries.ts'
import type { Passwords } from './passwords.ts'

export type FirstAdministratorPorts = {
  store: Store
  passwords: Passwords
  /** The configured password; null to generate one. */
  password: Secret | null
  now: () => Date
  /** Prints a line for the person who starts the server; not part of the log. */
  print: (line: string) => void
}

const USERNAME = 'admin'

/** Adds the user `admin` to a store without users. */
export async function addFirstAdministrator(ports: FirstAdministratorPorts): Promise<void> {
  const { store, passwords, password, now, print } = ports
  if ((await store.users.count()) > 0) return
  const chosen = password?.reveal() ?? newPassword()
  const passwordHash = await passwords.hash(chosen)
  const at = now().toISOString()
  const user = { id: randomBytes(12).toString('base64url'), username: USERNAME }
  const isAdded = await store.transaction(async ({ users, activity }) => {
    // Another server can have added it meanwhile.
    if ((await users.count()) > 0) return false
    const role = 'administrator' as const
    await users.create({ ...user, role, passwordHash, createdAt: at })
    await activity.add(newUser(user, { role, signIn: 'password', at, address: null }))
    return true
  })
  if (isAdded && password === null) {
    print(`Sign in as ${USERNAME} with the password ${chosen} (shown this once)`)
  }
}

// Without 0, 1, l and o, which are easily misread. 32 characters, so that a byte's modulo is unbiased.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 5
const GROUP_LENGTH = 5

/** Generates a password of 125 random bits, in groups that can be read aloud. */
function newPassword(): string {
  const group = () =>
    Array.from(randomBytes(GROUP_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
