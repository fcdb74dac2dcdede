import type { Kysely } from 'kysely'
import { fromBase64, toBase64 } from '../contract/bytes.ts'
import type { Database } from './schema.ts'

/** Encrypts values that have to be read back, such as the credentials of an EMQX. */
export type SecretCipher = {
  encrypt(text: string): Promise<string>
  /** Throws if the text was encrypted with another key or was changed. */
  decrypt(encrypted: string): Promise<string>
}

const IV_BYTES = 12

/** A cipher on AES-256-GCM (NIST SP 800-38D) with a random IV for each text; the key has 32 bytes. */
export async function createSecretCipher(key: Uint8Array<ArrayBuffer>): Promise<SecretCipher> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return {
    async encrypt(text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const plain = new TextEncoder().encode(text)
      const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aes, plain)
      return [iv, new Uint8Array(cipher)].map(toBase64).join('.')
    },
    async decrypt(encrypted) {
      const [iv, cipher] = encrypted.split('.').map(fromBase64)
      if (!iv || !cipher) throw new Error('a encrypted value is damaged')
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, cipher)
      return new TextDecoder().decode(plain)
    },
  }
}

const PROOF = 'latchkey'

/** The store was made with another encryption key. */
export class WrongEncryptionKey extends Error {
  constructor() {
    super('the store was made with another encryption key')
    this.name = 'WrongEncryptionKey'
  }
}

/** Verifies the key of a store. Throws {@link WrongEncryptionKey} for another one than the first. */
export async function verifyEncryptionKey(
  db: Kysely<Database>,
  cipher: SecretCipher,
): Promise<void> {
  const proofs = db.selectFrom('encryption_proof').select('proof')
  let row = await proofs.executeTakeFirst()
  if (!row) {
    // Several servers can start at once on a new store.
    await db
      .insertInto('encryption_proof')
      .values({ id: 1, proof: await cipher.encrypt(PROOF) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    row = await proofs.executeTakeFirstOrThrow()
  }
  const decrypted = await cipher.decrypt(row.proof).catch(() => undefined)
  if (decrypted !== PROOF) throw new WrongEncryptionKey()
}
