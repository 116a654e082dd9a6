/**
 * How the content of a file lies in an encrypted backup: AES-256-CBC with a zero IV over the whole file, PKCS#7
 * padded always, so an empty file is 16 bytes and an aligned one grows by a block. Each file has a key of its own,
 * which is why the constant IV does no harm. Manifest.db is encrypted in the same way.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type Cipheriv, type Decipheriv } from 'node:crypto';

const ALGORITHM = 'aes-256-cbc';
const BLOCK_BYTES = 16;
const ZERO_IV = Buffer.alloc(BLOCK_BYTES);
const NOTHING = Buffer.alloc(0);

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

/** Decrypts piece by piece, always one block behind, since the last one holds the padding. */
export class FileDecryptor {
  readonly #decipher: Decipheriv;
  #heldBack: Buffer = NOTHING;

  constructor(key: Uint8Array) {
    this.#decipher = decipherFor(key, ZERO_IV);
  }

  update(chunk: Uint8Array): Buffer {
    const plain = this.#decipher.update(chunk);
    if (plain.length === 0) return NOTHING;
    const ready = this.#heldBack.length === 0 ? plain : Buffer.concat([this.#heldBack, plain]);
    this.#heldBack = ready.subarray(ready.length - BLOCK_BYTES);
    return ready.subarray(0, ready.length - BLOCK_BYTES);
  }

  finish(): DecryptedContent {
    const padding = this.#isWhole() ? paddingOf(this.#heldBack) : 0;
    const content = this.#heldBack.subarray(0, this.#heldBack.length - padding);
    return { content, paddingIntact: padding > 0 };
  }

  /** OpenSSL refuses to end in the middle of a block; the bytes of a cut-off one are lost. */
  #isWhole(): boolean {
    try {
      this.#decipher.final();
      return true;
    } catch {
      return false;
    }
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
 * Whether a file ends with the padding it must have, which is all that can show a wrong key or a cut-off file: each
 * block decrypts to something. A block needs the one before it and no other.
 *
 * @param stored the last two blocks of the file, or its only one.
 */
export function hasIntactPadding(key: Uint8Array, stored: Uint8Array): boolean {
  if (stored.length !== BLOCK_BYTES && stored.length !== 2 * BLOCK_BYTES) return false;
  const iv = stored.length === BLOCK_BYTES ? ZERO_IV : stored.subarray(0, BLOCK_BYTES);
  return paddingOf(decipherFor(key, iv).update(stored.subarray(-BLOCK_BYTES))) > 0;
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
