import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'

/** Encryption at rest and keyed hashes, from one master key that lives outside the database. */
export interface Secrets {
  /** AES-256-GCM; the result holds nonce and tag. `purpose` binds a ciphertext to its column. */
  encrypt(purpose: string, plain: Buffer | string): Buffer
  /** Throws if the ciphertext was changed, or was made for another purpose or by another key. */
  decrypt(purpose: string, cipher: Buffer): Buffer
  /** A keyed hash for look-ups of what must not be stored. */
  mac(purpose: string, text: string): Buffer
}

/** SHA-256, for tokens that are long and random by themselves. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A random token: prefix and 256 bits in base64url. */
export function randomToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

export function createSecrets(masterKey: Buffer): Secrets {
  if (masterKey.length < 32) throw new Error('the master key has fewer than 32 bytes')
  const derive = (use: string) => createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', use, 32)))
  const encryptionKey = derive('encrypt')
  const macKey = derive('mac')
  return {
    encrypt(purpose, plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    decrypt(purpose, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, sealed.subarray(0, 12))
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(12, 28))
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
    },
    mac: (purpose, text) => createHmac('sha256', macKey).update(purpose).update('\0').update(text).digest(),
  }
}
