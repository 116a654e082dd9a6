/**
 * The first releases of iOS 10 hid what an encrypted backup's Manifest.db says about each file, before 10.2 encrypted
 * the whole database: the `file` column is base64 of AES-128-CBC with PKCS#7 padding, under a key made from the
 * password and the `salt` among the Properties.
 */
import { createDecipheriv, createHash, createSecretKey } from 'node:crypto';
import type { ClassKeys } from '../../keybag/index.ts';
import { FormatError } from '../../shared/errors.ts';

const KEY_BYTES = 16;
const BLOCK_BYTES = 16;
/** 00 01 02 … 0f, for every entry. */
const IV = Buffer.from(Array.from({ length: BLOCK_BYTES }, (_, i) => i));

/** A manifest that may hide its entries. */
export interface ScrambledManifest {
  /** What the key is made with besides the password; undefined where nothing is hidden. */
  readonly entrySalt: Uint8Array | undefined;
  useEntryKey(key: Uint8Array): void;
}

/** Keys of hidden entries, beside the class keys that the same password opened. */
const entryKeys = new WeakMap<ClassKeys, { readonly salt: Buffer; readonly key: Buffer }>();

/**
 * Lets the hidden entries of a manifest be read, where it has any.
 *
 * @param password may be left out once it was given together with these class keys.
 */
export function revealEntries(manifest: ScrambledManifest, classKeys: ClassKeys, password: string | undefined): void {
  const salt = manifest.entrySalt;
  if (salt === undefined) return;
  if (password !== undefined) entryKeys.set(classKeys, { salt: Buffer.from(salt), key: entryKeyOf(password, salt) });
  const known = entryKeys.get(classKeys);
  if (known?.salt.equals(salt) === true) manifest.useEntryKey(known.key);
}

function entryKeyOf(password: string, salt: Uint8Array): Buffer {
  return createHash('sha1').update(password).update(salt).digest().subarray(0, KEY_BYTES);
}

/** Whether what should be an archive is hidden instead: base64 never begins as a binary property list does. */
export function isScrambled(archive: Uint8Array): boolean {
  return archive.length > 0 && archive.length % 4 === 0 && !startsAsList(archive) && isBase64(archive);
}

/** @throws {FormatError} when the bytes are damaged, or the key is not theirs. */
export function unscramble(archive: Uint8Array, key: Uint8Array): Buffer {
  const stored = Buffer.from(Buffer.from(archive).toString('latin1'), 'base64');
  if (stored.length === 0 || stored.length % BLOCK_BYTES !== 0) throw damaged();
  const decipher = createDecipheriv('aes-128-cbc', createSecretKey(key), IV);
  try {
    return Buffer.concat([decipher.update(stored), decipher.final()]);
  } catch {
    // OpenSSL fails here for one reason: the padding is not there.
    throw damaged();
  }
}

function damaged(): FormatError {
  return new FormatError('a manifest entry is hidden with another password, or damaged');
}

function startsAsList(archive: Uint8Array): boolean {
  return Buffer.from(archive.buffer, archive.byteOffset, Math.min(6, archive.length)).toString('latin1') === 'bplist';
}

function isBase64(archive: Uint8Array): boolean {
  const start = Buffer.from(archive.buffer, archive.byteOffset, Math.min(64, archive.length)).toString('latin1');
  return /^[A-Za-z0-9+/=]+$/.test(start);
}
