/**
 * How the content of a file lies in an encrypted backup: AES-256-CBC with a zero IV over the whole file, PKCS#7
 * padded always, so an empty file is 16 bytes and an aligned one grows by a block. Each file has a key of its own,
 * which is why the constant IV does no harm. Manifest.db is encrypted in the same way.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Cipheriv,
  type Decipheriv,
  type KeyObject,
} from 'node:crypto';
import { letGo } from '../shared/flow/let-go.ts';

const ALGORITHM = 'aes-256-cbc';
const BLOCK_BYTES = 16;
const ZERO_IV = Buffer.alloc(BLOCK_BYTES);
const NOTHING = Buffer.alloc(0);
const TAIL_BYTES = 2 * BLOCK_BYTES;

/** Stored size of a file of `sizeBytes`. */
export function encryptedSize(sizeBytes: number): number {
  return sizeBytes - (sizeBytes % BLOCK_BYTES) + BLOCK_BYTES;
}

export function encryptFileContent(key: Uint8Array, content: Uint8Array): Buffer {
  const encryptor = new FileEncryptor(key);
  return Buffer.concat([encryptor.update(content), encryptor.finish()]);
}

/** Encrypts piece by piece; the pieces returned, in order, are the stored file. */
export class FileEncryptor {
  readonly #cipher: Cipheriv;

  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(ALGORITHM, createSecretKey(key), ZERO_IV);
  }

  update(chunk: Uint8Array): Buffer {
    return this.#cipher.update(chunk);
  }

  finish(): Buffer {
    return this.#cipher.final();
  }
}

export interface DecryptedContent {
  readonly content: Buffer;
  /** False when the padding is not as it must be: a truncated file, or one encrypted otherwise. Its bytes are kept. */
  readonly paddingIntact: boolean;
}

/**
 * The length of a file is what remains without the padding, never the `Size` of its manifest entry: databases change
 * size between the listing and the copying, and cutting them damages them.
 */
export function decryptFileContent(key: Uint8Array, stored: Uint8Array): DecryptedContent {
  const decryptor = new FileDecryptor(key);
  const start = decryptor.update(stored);
  const { content: end, paddingIntact } = decryptor.finish();
  return { content: Buffer.concat([start, end]), paddingIntact };
}

/** What is decrypted at a time. */
const IN_PLACE_BYTES = 256 * 1024;

/**
 * Decrypts what is held in memory over itself, so that it is held there once, and leaves nothing to be collected.
 *
 * @returns the part of `bytes` that is the content; they are not encrypted any more. It is shorter than `bytes` are in
 * whole blocks when the padding is intact.
 */
export function decryptInPlace(key: Uint8Array, bytes: Buffer): Buffer {
  const wholeBytes = bytes.length - (bytes.length % BLOCK_BYTES);
  const decipher = decipherFor(key, ZERO_IV);
  for (let at = 0; at < wholeBytes; at += IN_PLACE_BYTES) {
    const piece = decipher.update(bytes.subarray(at, Math.min(at + IN_PLACE_BYTES, wholeBytes)));
    piece.copy(bytes, at);
    letGo(piece);
  }
  // Lets go of what OpenSSL holds; without it that waits for the garbage collector, which sees nothing of its size.
  decipher.final();
  const padding = wholeBytes === bytes.length ? paddingOf(bytes.subarray(-BLOCK_BYTES)) : 0;
  return bytes.subarray(0, wholeBytes - padding);
}

/** Decrypts piece by piece. OpenSSL stays one block behind, since the last one holds the padding. */
export class FileDecryptor {
  readonly #key: KeyObject;
  readonly #decipher: Decipheriv;
  /** The last stored bytes, two blocks of them where there are as many. */
  #tail: Buffer = NOTHING;
  #storedBytes = 0;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
    this.#decipher = createDecipheriv(ALGORITHM, this.#key, ZERO_IV);
  }

  /** @param chunk may be used for something else afterwards. */
  update(chunk: Uint8Array): Buffer {
    this.#storedBytes += chunk.length;
    const isEnough = chunk.length >= TAIL_BYTES || this.#tail.length === 0;
    const end = isEnough ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = Buffer.from(end.subarray(-TAIL_BYTES));
    return this.#decipher.update(chunk);
  }

  finish(): DecryptedContent {
    try {
      return { content: this.#decipher.final(), paddingIntact: true };
    } catch {
      return { content: this.#lastBlock(), paddingIntact: false };
    }
  }

  /** OpenSSL keeps a last block that is not padded as it must be; the bytes of a cut-off one are lost to anybody. */
  #lastBlock(): Buffer {
    if (this.#storedBytes % BLOCK_BYTES > 0 || this.#storedBytes === 0) return NOTHING;
    const iv = this.#tail.length < TAIL_BYTES ? ZERO_IV : this.#tail.subarray(0, BLOCK_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, iv).setAutoPadding(false);
    return decipher.update(this.#tail.subarray(-BLOCK_BYTES));
  }
}

/**
 * The plain start of a file, of which no more than this has been read.
 *
 * @param stored its first blocks, whole ones.
 */
export function decryptFileStart(key: Uint8Array, stored: Uint8Array): Buffer {
  return decipherFor(key, ZERO_IV).update(stored);
}

/**
 * Decrypts from any block of a file on: each block needs only the stored one before it.
 *
 * @param previous the 16 stored bytes before the first that is handed in; undefined at the beginning of the file.
 * @returns takes stored bytes in order and gives the plain ones, as many as there are whole blocks; padding included.
 */
export function decryptorFrom(key: Uint8Array, previous: Uint8Array | undefined): (stored: Uint8Array) => Buffer {
  const decipher = decipherFor(key, previous ?? ZERO_IV);
  return (stored) => decipher.update(stored);
}

/**
 * How many bytes at the end of a file are padding; 0 where it is not padded as it must be.
 *
 * @param stored the last two blocks of the file, or its only one.
 */
export function paddingBytes(key: Uint8Array, stored: Uint8Array): number {
  if (stored.length !== BLOCK_BYTES && stored.length !== 2 * BLOCK_BYTES) return 0;
  const iv = stored.length === BLOCK_BYTES ? ZERO_IV : stored.subarray(0, BLOCK_BYTES);
  return paddingOf(decipherFor(key, iv).update(stored.subarray(-BLOCK_BYTES)));
}

/**
 * Whether a file ends with the padding it must have, which is all that can show a wrong key or a cut-off file: each
 * block decrypts to something. A block needs the one before it and no other.
 *
 * @param stored the last two blocks of the file, or its only one.
 */
export function hasIntactPadding(key: Uint8Array, stored: Uint8Array): boolean {
  return paddingBytes(key, stored) > 0;
}

/** Given a key as plain bytes, Node.js takes ten times as long to begin: it matters where files are small and many. */
function decipherFor(key: Uint8Array, iv: Uint8Array): Decipheriv {
  return createDecipheriv(ALGORITHM, createSecretKey(key), iv).setAutoPadding(false);
}

/** How many bytes of padding end the block; 0 when it is not padded as it must be. */
function paddingOf(block: Buffer): number {
  const count = block.at(-1) ?? 0;
  if (count < 1 || count > BLOCK_BYTES || count > block.length) return 0;
  return block.subarray(block.length - count).every((byte) => byte === count) ? count : 0;
}
