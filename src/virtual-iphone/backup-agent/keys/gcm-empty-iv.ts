/**
 * AES-256-GCM with an initialisation vector of no bytes, as iOS seals keychain items (each has a key of its own).
 * OpenSSL refuses that vector, so the mode is put together from what it offers. With no vector the first counter block
 * is GHASH of nothing, which is zero: the text is encrypted by counters from 1, the tag is GHASH(text) xor E(zero).
 */
import { createCipheriv, timingSafeEqual } from 'node:crypto';

const BLOCK_BYTES = 16;
const TAG_BYTES = 16;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);
/** Any vector will do to have OpenSSL compute a GHASH. */
const HELPER_IV = Buffer.alloc(12);

/** @returns ciphertext and, after it, the tag of 16 bytes. */
export function sealWithEmptyIv(key: Uint8Array, plain: Uint8Array): Buffer {
  const cipherText = counterMode(key, counterBlock(1), plain);
  return Buffer.concat([cipherText, tagOf(key, cipherText)]);
}

/** @returns undefined when the tag does not fit: another key, or damaged bytes. */
export function openWithEmptyIv(key: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const cipherText = sealed.subarray(0, sealed.length - TAG_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  return timingSafeEqual(tagOf(key, cipherText), tag) ? counterMode(key, counterBlock(1), cipherText) : undefined;
}

function tagOf(key: Uint8Array, cipherText: Uint8Array): Buffer {
  return xor(ghash(key, cipherText), encryptBlock(key, ZERO_BLOCK));
}

/**
 * GHASH, from OpenSSL's tag for the same ciphertext under a vector it accepts: what has to be encrypted to give that
 * ciphertext is its decryption in counter mode from 2; the tag is GHASH xor E(first counter block).
 */
function ghash(key: Uint8Array, cipherText: Uint8Array): Buffer {
  const helper = createCipheriv('aes-256-gcm', key, HELPER_IV);
  helper.update(counterMode(key, counterBlock(2), cipherText));
  helper.final();
  return xor(helper.getAuthTag(), encryptBlock(key, counterBlock(1)));
}

/** The counter block of the all-zero vector, whichever kind, with this counter. */
function counterBlock(counter: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.writeUInt32BE(counter, 12);
  return block;
}

function counterMode(key: Uint8Array, start: Buffer, bytes: Uint8Array): Buffer {
  return createCipheriv('aes-256-ctr', key, start).update(bytes);
}

function encryptBlock(key: Uint8Array, block: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', key, null).update(block);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}
