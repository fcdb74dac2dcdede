import { fromBase64, toBase64 } from '../contract/bytes.ts'

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
