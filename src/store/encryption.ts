import type { Kysely } from 'kysely'
import { fromBase64, toBase64 } from '../contract/bytes.ts'
import type { Database } from './schema.ts'

/** Encrypts what has to be stored and read back, such as the credentials of an EMQX. */
export type Sealer = {
  seal(text: string): Promise<string>
  /** Throws when the text was sealed with another key or was tampered with. */
  open(sealed: string): Promise<string>
}

const IV_BYTES = 12

/** A sealer on AES-256-GCM (NIST SP 800-38D) with a random IV for each text; the key has 32 bytes. */
export async function createSealer(key: Uint8Array<ArrayBuffer>): Promise<Sealer> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return {
    async seal(text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const plain = new TextEncoder().encode(text)
      const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aes, plain)
      return [iv, new Uint8Array(cipher)].map(toBase64).join('.')
    },
    async open(sealed) {
      const [iv, cipher] = sealed.split('.').map(fromBase64)
      if (!iv || !cipher) throw new Error('a sealed value is damaged')
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, cipher)
      return new TextDecoder().decode(plain)
    },
  }
}

const PROVED = 'latchkey'

/** Thrown where a store was made with another key than the one at hand. */
export class WrongSealingKey extends Error {
  constructor() {
    super('the store was made with another sealing key')
    this.name = 'WrongSealingKey'
  }
}

/** Keeps a store with its key: throws {@link WrongSealingKey} for another than the first. */
export async function proveSealingKey(db: Kysely<Database>, sealer: Sealer): Promise<void> {
  const proofs = db.selectFrom('sealing_proof').select('proof')
  let row = await proofs.executeTakeFirst()
  if (!row) {
    // Several servers may start at once on a store that has none.
    await db
      .insertInto('sealing_proof')
      .values({ id: 1, proof: await sealer.seal(PROVED) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    row = await proofs.executeTakeFirstOrThrow()
  }
  const opened = await sealer.open(row.proof).catch(() => undefined)
  if (opened !== PROVED) throw new WrongSealingKey()
}
