/**
 * Content that costs no disk and no time: a 32-byte head that no other seed has, then a slice of one pseudo-random
 * pool, from a place that depends on the seed, going round where the pool ends.
 *
 * Files of different seeds are therefore different files, but not different in every block: a store that cuts files
 * into blocks and looks for equal ones would find some.
 */
import { createCipheriv } from 'node:crypto';

const POOL_BYTES = 16 * 1024 * 1024;
/** The pool's first bytes again after its end, so that a slice up to this long is one view wherever it begins. */
const OVERLAP_BYTES = 1024 * 1024;
const HEAD_BYTES = 32;

let pool: Buffer | undefined;

/**
 * The bytes of a synthetic file from `offset`, at most `length` of them.
 *
 * @returns mostly a view of memory that all files share: it must not be written to.
 */
export function readSynthetic(seed: number, sizeBytes: number, offset: number, length: number): Buffer {
  const end = Math.min(sizeBytes, offset + length);
  if (offset >= end) return Buffer.alloc(0);
  pool ??= makePool();
  const begin = poolOffset(seed) + offset;
  const size = end - offset;
  if (offset >= HEAD_BYTES && size <= OVERLAP_BYTES) {
    const at = begin % POOL_BYTES;
    return pool.subarray(at, at + size);
  }
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    done += pool.copy(bytes, done, (begin + done) % POOL_BYTES);
  }
  if (offset < HEAD_BYTES) headOf(seed).copy(bytes, 0, offset, Math.min(HEAD_BYTES, end));
  return bytes;
}

function makePool(): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.from('a pool of noise.'), Buffer.alloc(16));
  const noise = cipher.update(Buffer.alloc(POOL_BYTES));
  return Buffer.concat([noise, noise.subarray(0, OVERLAP_BYTES)]);
}

/** The seed itself, so that heads cannot collide, then its hash in six words, so that they look like the rest. */
function headOf(seed: number): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32) >>> 0;
  head.writeUInt32LE((low ^ 0x5bd1e995) >>> 0, 0);
  head.writeUInt32LE((high ^ 0x27d4eb2f) >>> 0, 4);
  let word = low ^ Math.imul(high, 0x9e3779b1);
  for (let at = 8; at < HEAD_BYTES; at += 4) {
    word = mix(word + 0x6d2b79f5);
    head.writeUInt32LE(word, at);
  }
  return head;
}

function poolOffset(seed: number): number {
  return mix((seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32) >>> 0, 0x85ebca6b)) % POOL_BYTES;
}

/** A good 32-bit mixer (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let word = value | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
