import { createCipheriv, createDecipheriv, createSecretKey, type Decipheriv } from 'node:crypto';

/** RFC 3394 §2.2.3.1: the value that shows, after unwrapping, that the key was the right one. */
const INTEGRITY_VALUE = Buffer.alloc(8, 0xa6);
const KEY_BYTES = 32;
/** A wrapped key is eight bytes longer than the key. */
export const WRAPPED_KEY_BYTES = KEY_BYTES + 8;

/** AES-256 key wrap (RFC 3394): 32 bytes in, 40 out. */
export function wrapKey(wrappingKey: Uint8Array, key: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', createSecretKey(wrappingKey), INTEGRITY_VALUE);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** The key, or undefined when `wrappingKey` is not the one it was wrapped with or the bytes are damaged. */
export function unwrapKey(wrappingKey: Uint8Array, wrapped: Uint8Array): Buffer | undefined {
  return new KeyUnwrapper(wrappingKey).unwrap(wrapped);
}

/** Unwraps many keys with the same one: getting ready is most of the work. */
export class KeyUnwrapper {
  readonly #wrappingKey: Uint8Array;
  /** To OpenSSL each update is a key of its own; what takes long is to make it ready. */
  #decipher: Decipheriv | undefined;

  constructor(wrappingKey: Uint8Array) {
    this.#wrappingKey = wrappingKey;
  }

  unwrap(wrapped: Uint8Array): Buffer | undefined {
    if (wrapped.length !== WRAPPED_KEY_BYTES) return undefined;
    try {
      this.#decipher ??= createDecipheriv('id-aes256-wrap', createSecretKey(this.#wrappingKey), INTEGRITY_VALUE);
      return this.#decipher.update(wrapped);
    } catch {
      // The integrity check is the only way in which this can fail: sizes are checked above and by createDecipheriv.
      this.#decipher = undefined;
      return undefined;
    }
  }
}
