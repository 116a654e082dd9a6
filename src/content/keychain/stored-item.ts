/**
 * One item as keychain-backup.plist stores it: `v_Data`, all integers little-endian.
 *
 *   offset 0   u32  version
 *   offset 4   u32  protection class in the lowest four bits: 6, 7 or 8; 9, 10 and 11 are bound to the device
 *   version 2 and 3 (iOS 5 and later)
 *     offset 8   u32  length of the wrapped key, 40
 *     offset 12       wrapped key; cipher text; tag of 16 bytes: AES-256-GCM with an IV of no bytes
 *   version 0 and 1 (iOS 4)
 *     offset 8        wrapped key of 40 bytes; cipher text: AES-256-CBC with a zero IV
 *
 * Inside, version 3 has all attributes in DER, version 2 as a property list; 0 and 1 the secret alone, with the
 * attributes lying beside `v_Data`.
 */
import { decryptFileContent, type ClassKeys } from '../../keybag/index.ts';
import { asDictionary, decodeDerPlist, decodePlist, type PlistDictionary } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import { openSealed, TAG_BYTES } from './sealed.ts';

/** Why an item cannot be read. */
export type KeychainProblem =
  /** Its key is held by the device alone: "this device only" items, and all in a backup without a password. */
  | 'device-bound'
  /** The backup has no key for its class. */
  | 'no-key'
  /** Cut off, changed, or sealed with another key. */
  | 'damaged'
  /** A layout that is not known. */
  | 'unknown-layout';

export interface OpenedItem {
  readonly protectionClass: number | undefined;
  /** Undefined where there is a problem. */
  readonly attributes?: PlistDictionary;
  readonly problem?: KeychainProblem;
}

const WRAPPED_KEY_BYTES = 40;
const NEWEST_VERSION = 3;

/**
 * Opens one item. Total: whatever the bytes are, it answers.
 *
 * @param beside the entry of the list that `v_Data` was found in: its attributes, where iOS 4 keeps them.
 * @param keys of the backup; without them nothing can be opened.
 */
export function openStoredItem(stored: Buffer, beside: PlistDictionary, keys: ClassKeys | undefined): OpenedItem {
  if (stored.length < 8) return { protectionClass: undefined, problem: 'damaged' };
  const version = stored.readUInt32LE(0);
  const protectionClass = stored.readUInt32LE(4) & 0xf;
  if (version > NEWEST_VERSION) return { protectionClass, problem: 'unknown-layout' };
  const parts = split(stored, version);
  if (parts === undefined) return { protectionClass, problem: 'damaged' };
  const key = unwrap(protectionClass, parts.wrappedKey, keys);
  if (typeof key === 'string') return { protectionClass, problem: key };
  const attributes = open(version, key, parts.content, beside);
  return attributes ? { protectionClass, attributes } : { protectionClass, problem: 'damaged' };
}

interface Parts {
  readonly wrappedKey: Buffer;
  readonly content: Buffer;
}

function split(stored: Buffer, version: number): Parts | undefined {
  const keyAt = version >= 2 ? 12 : 8;
  if (stored.length < keyAt) return undefined;
  const keyBytes = version >= 2 ? stored.readUInt32LE(8) : WRAPPED_KEY_BYTES;
  if (keyBytes !== WRAPPED_KEY_BYTES || stored.length < keyAt + keyBytes + (version >= 2 ? TAG_BYTES : 0))
    return undefined;
  return { wrappedKey: stored.subarray(keyAt, keyAt + keyBytes), content: stored.subarray(keyAt + keyBytes) };
}

function unwrap(protectionClass: number, wrapped: Buffer, keys: ClassKeys | undefined): Buffer | KeychainProblem {
  if (keys === undefined || keys.deviceBoundClasses.includes(protectionClass)) return 'device-bound';
  // 9, 10 and 11 are the device's by definition, whatever a keybag says or leaves out.
  if (!keys.usableClasses.includes(protectionClass)) return protectionClass >= 9 ? 'device-bound' : 'no-key';
  try {
    return keys.unwrap(protectionClass, wrapped);
  } catch (error) {
    if (error instanceof FormatError) return protectionClass >= 9 ? 'device-bound' : 'damaged';
    throw error;
  }
}

function open(version: number, key: Buffer, content: Buffer, beside: PlistDictionary): PlistDictionary | undefined {
  if (version < 2) {
    const { content: secret, paddingIntact } = decryptFileContent(key, content);
    return paddingIntact ? { ...beside, v_Data: secret } : undefined;
  }
  const text = openSealed(key, content);
  if (text === undefined) return undefined;
  try {
    return asDictionary(version === 2 ? decodePlist(text) : decodeDerPlist(text));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
