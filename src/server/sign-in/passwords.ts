import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '../../contract/http/problem.ts'

const deriveKey = promisify(argon2)

/** Cost of a hash: KiB of memory and passes over it. */
export type PasswordCost = { memory: number; passes: number }

/** OWASP's recommendation for Argon2id. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memory: 19_456, passes: 2 }

/** Password hashes by Argon2id (RFC 9106), in PHC string format. */
export type Passwords = {
  hash(password: string): Promise<string>
  /** Without a hash, it does the same work and returns false, against timing attacks. */
  verify(password: string, hash: string | null): Promise<boolean>
}

// Each hash takes 19 MiB and a thread of the pool that file access and DNS share.
const AT_ONCE_MAX = 2
const WAITING_MAX = 100
const SALT_BYTES = 16
const KEY_BYTES = 32

type Parameters = PasswordCost & { salt: Buffer; key: Buffer }

export function createPasswords(cost: PasswordCost): Passwords {
  const enqueue = createQueue()
  const derive = (password: string, salt: Buffer, { memory, passes }: PasswordCost) =>
    enqueue(() =>
      deriveKey('argon2id', {
        // Normalised, since keyboards send equivalent forms (NIST SP 800-63B section 3.1.1.2).
        message: Buffer.from(password.normalize('NFKC')),
        nonce: salt,
        parallelism: 1,
        tagLength: KEY_BYTES,
        memory,
        passes,
      }),
    )
  const decoy: Parameters = {
    ...cost,
    salt: randomBytes(SALT_BYTES),
    key: randomBytes(KEY_BYTES),
  }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      return toText({ ...cost, salt, key: await derive(password, salt, cost) })
    },
    async verify(password, hash) {
      const known = hash === null ? decoy : fromText(hash)
      const key = await derive(password, known.salt, known)
      return timingSafeEqual(key, known.key) && hash !== null
    },
  }
}

function toText({ memory, passes, salt, key }: Parameters): string {
  const [saltText, keyText] = [salt, key].map((bytes) =>
    bytes.toString('base64').replaceAll('=', ''),
  )
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${saltText}$${keyText}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([\w+/]+)\$([\w+/]+)$/

function fromText(text: string): Parameters {
  const [, memory, passes, salt, key] = PHC.exec(text) ?? []
  if (!salt || !key) throw new Error('a stored password is damaged')
  return {
    memory: Number(memory),
    passes: Number(passes),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  }
}

/** A bounded queue with limited concurrency. */
function createQueue(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (run) => {
    if (running >= AT_ONCE_MAX) {
      if (waiting.length >= WAITING_MAX) {
        const detail = 'Too many people sign in at the moment. Try again shortly.'
        throw new Problem(503, detail, [], 1)
      }
      // A finished run hands its place directly to the next one.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
