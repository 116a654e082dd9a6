import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

const BLOCK_BYTES = 16;
export const TAG_BYTES = BLOCK_BYTES;

/**
 * Opens AES-256-GCM whose IV has no bytes, as the keychain seals its items. OpenSSL refuses such an IV, but only the
 * counter blocks depend on it (NIST SP 800-38D §7.1): with none they begin at zero, so the text is encrypted from
 * block 1 on and the tag masked with block 0. The hash inside the tag depends on the key and the cipher text alone; it is
 * taken from an ordinary GCM run that is made to end in the same cipher text.
 *
 * @param sealed cipher text, then the tag of 16 bytes.
 * @returns undefined when the tag is not right: another key, or damage.
 */
export function openSealed(key: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const cipherText = sealed.subarray(0, sealed.length - TAG_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const expected = xor(hashOf(key, cipherText), block(key, Buffer.alloc(BLOCK_BYTES)));
  if (!timingSafeEqual(expected, tag)) return undefined;
  return createDecipheriv('aes-256-ctr', key, counter(Buffer.alloc(12), 1)).update(cipherText);
}

/** GHASH of a cipher text without additional data, under the key's own hash key. */
function hashOf(key: Uint8Array, cipherText: Uint8Array): Buffer {
  const iv = Buffer.alloc(12);
  const text = createDecipheriv('aes-256-ctr', key, counter(iv, 2)).update(cipherText);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.update(text);
  cipher.final();
  return xor(cipher.getAuthTag(), block(key, counter(iv, 1)));
}

function block(key: Uint8Array, input: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(input);
}

function counter(iv: Buffer, count: number): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  iv.copy(bytes);
  bytes.writeUInt32BE(count, 12);
  return bytes;
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}
