/**
 * Locked notes. What is needed to open one lies beside it, in columns, in the record as iCloud sent it, or around the
 * locked bytes themselves (since iOS 17: a keyed archive that begins with `bplist00`):
 *
 *   wrapping key = PBKDF2-HMAC-SHA256(password, salt, rounds)      16 bytes; 32 in the archive
 *   key          = RFC 3394 unwrap(wrapping key, wrapped key)      wrong passwords are noticed here
 *   content      = AES-GCM(key, IV, tag)                           in the archive the tag covers its metadata as well
 *
 * Notes locked with the passcode of the device (since iOS 16) name a key of the keychain instead. It never leaves the
 * devices of their owner: no password opens them.
 */
import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { lockedArchiveOf } from './locked-archive.ts';

/** What opens one locked thing. */
export interface LockParts {
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly wrappedKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** What the tag covers besides the content. */
  readonly associated?: Uint8Array;
}

export type LockState = 'open' | 'no-password' | 'wrong-password' | 'device-passcode' | 'key-missing' | 'damaged';

export type Opened =
  | { readonly state: 'open'; readonly content: Buffer }
  | { readonly state: Exclude<LockState, 'open'> };

/** Real notes have 20,000. A hostile database must not occupy a processor for hours. */
const MAX_ROUNDS = 10_000_000;
const WRAP_IV = Buffer.alloc(8, 0xa6);
const TAG_BYTES = 16;

const derive = promisify(pbkdf2);

/** Opens locked notes with a password; each key that has been derived from it is kept. */
export class NotePassword {
  readonly #spellings: readonly string[];
  readonly #derived = new Map<string, Promise<Buffer>>();

  /** @param password as typed. Keyboards differ in how they spell accents, so that all ways are tried. */
  constructor(password: string | undefined) {
    const spellings = password === undefined ? [] : [password, password.normalize('NFC'), password.normalize('NFD')];
    this.#spellings = [...new Set(spellings)];
  }

  /** Opens bytes that carry all that is needed, or that the first complete one of `places` tells how to open. */
  async open(locked: Uint8Array, places: readonly (Partial<LockParts> | undefined)[]): Promise<Opened> {
    const archive = lockedArchiveOf(locked);
    if (archive !== undefined) {
      return archive.parts === undefined ? { state: archive.state } : this.#try(archive.content, [archive.parts]);
    }
    const complete = places.filter(isComplete);
    return complete.length === 0 ? { state: 'key-missing' } : this.#try(locked, complete);
  }

  /** The key of something locked, for content that is decrypted as it streams. */
  async key({ salt, rounds, wrappedKey }: LockParts): Promise<Buffer | undefined> {
    // 16 bytes of key are 24 when wrapped, 32 are 40.
    const keyBytes = wrappedKey.length - 8;
    if (![16, 24, 32].includes(keyBytes) || !(rounds >= 1 && rounds <= MAX_ROUNDS)) return undefined;
    for (const password of this.#spellings) {
      const wrapping = await this.#wrappingKey(password, salt, rounds, keyBytes);
      const key = unwrap(wrapping, wrappedKey);
      if (key !== undefined) return key;
    }
    return undefined;
  }

  async #try(locked: Uint8Array, places: readonly LockParts[]): Promise<Opened> {
    if (this.#spellings.length === 0) return { state: 'no-password' };
    let hasKey = false;
    for (const parts of places) {
      const key = await this.key(parts);
      hasKey ||= key !== undefined;
      const content = key && decrypt(key, parts, locked);
      if (content) return { state: 'open', content };
    }
    return { state: hasKey ? 'damaged' : 'wrong-password' };
  }

  #wrappingKey(password: string, salt: Uint8Array, rounds: number, keyBytes: number): Promise<Buffer> {
    const name = `${Buffer.from(salt).toString('hex')} ${rounds} ${keyBytes} ${password}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const derived = derive(Buffer.from(password), salt, rounds, keyBytes, 'sha256');
    this.#derived.set(name, derived);
    return derived;
  }
}

export function isComplete(parts: Partial<LockParts> | undefined): parts is LockParts {
  const { salt, rounds, wrappedKey, iv, tag } = parts ?? {};
  return Boolean(salt?.length && rounds && wrappedKey?.length && iv?.length && tag?.length === TAG_BYTES);
}

/** @returns undefined when the wrapping key is not the right one. */
function unwrap(wrapping: Buffer, wrapped: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv(`aes${wrapping.length * 8}-wrap`, wrapping, WRAP_IV);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A decipher for AES-GCM: what comes out is good only when `final` does not throw. */
export function gcmDecipher(key: Uint8Array, { iv, tag, associated }: LockParts): ReturnType<typeof createDecipheriv> {
  const name = key.length === 16 ? 'aes-128-gcm' : key.length === 24 ? 'aes-192-gcm' : 'aes-256-gcm';
  const decipher = createDecipheriv(name, key, iv, { authTagLength: TAG_BYTES });
  if (associated) decipher.setAAD(associated);
  return decipher.setAuthTag(tag);
}

function decrypt(key: Buffer, parts: LockParts, locked: Uint8Array): Buffer | undefined {
  try {
    const decipher = gcmDecipher(key, parts);
    return Buffer.concat([decipher.update(locked), decipher.final()]);
  } catch {
    return undefined;
  }
}
