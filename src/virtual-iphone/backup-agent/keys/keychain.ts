/**
 * The keychain. On the phone's disk it is a file that can be read; in a backup every item is sealed with a key of its
 * own, which is wrapped by a class key of the keybag or, for what must not leave the device, by a key of the phone.
 * Without a password everything is wrapped by the phone.
 *
 * A sealed item (`v_Data`): u32 LE version 3, u32 LE protection class, u32 LE length of the wrapped key, wrapped key,
 * ciphertext, tag.
 */
import { hash } from 'node:crypto';
import {
  arrayAt,
  asDictionary,
  bytesAt,
  decodePlist,
  encodeBinaryPlist,
  integerAt,
  type PlistDictionary,
  type PlistValue,
} from '../../../formats/index.ts';
import { ClassKeys } from '../../../keybag/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { openWithEmptyIv, sealWithEmptyIv } from './gcm-empty-iv.ts';

export const KEYCHAIN_FILE = { domain: 'KeychainDomain', relativePath: 'keychain-backup.plist' } as const;

/** An item as the phone knows it. */
export interface PlainItem {
  readonly kind: ItemKind;
  readonly protectionClass: number;
  /** DER, as version 3 of the format has it. */
  readonly plain: Buffer;
}

const KINDS = ['genp', 'inet', 'cert', 'keys'] as const;
type ItemKind = (typeof KINDS)[number];

const VERSION = 3;
const HEADER_BYTES = 12;
const WRAPPED_BYTES = 40;
const CLASSES = [6, 7, 8, 9, 10, 11];
/** From here on classes are bound to the device. */
const FIRST_DEVICE_BOUND = 9;

export function isKeychain(file: { readonly domain: string; readonly relativePath: string }): boolean {
  return file.domain === KEYCHAIN_FILE.domain && file.relativePath === KEYCHAIN_FILE.relativePath;
}

/** The file on the phone's disk. */
export function encodePlainKeychain(items: readonly PlainItem[]): Buffer {
  const lists = KINDS.map((kind) => [
    kind,
    items
      .filter((item) => item.kind === kind)
      .map(({ protectionClass, plain }) => ({ ProtectionClass: protectionClass, Item: plain })),
  ]);
  return encodeBinaryPlist(Object.fromEntries(lists) as PlistDictionary);
}

/**
 * What a backup holds instead of the file on the phone's disk.
 *
 * @param classKeys of the keybag, when the backup is encrypted.
 * @param secret the key that never leaves the phone.
 */
export function sealKeychain(file: Uint8Array, classKeys: ClassKeys | undefined, secret: string): Buffer {
  const own = deviceKeys(secret);
  return mapItems(file, (item, kind, index) => {
    const plain = bytesAt(item, 'Item') ?? Buffer.alloc(0);
    const protectionClass = integerAt(item, 'ProtectionClass') ?? CLASSES[0] ?? 0;
    const key = hash('sha256', `${secret}:${kind}:${index}:${plain.toString('base64')}`, 'buffer');
    const wrapper = protectionClass < FIRST_DEVICE_BOUND ? (classKeys ?? own) : own;
    const wrapped = wrapper.wrapFileKey(protectionClass, key);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(VERSION, 0);
    header.writeUInt32LE(protectionClass, 4);
    header.writeUInt32LE(WRAPPED_BYTES, 8);
    const sealed = Buffer.concat([header, wrapped.subarray(4), sealWithEmptyIv(key, plain)]);
    return { v_Data: sealed, v_PersistentRef: persistentRef(kind, index) };
  });
}

/** The other way. Items that this phone has no key for are left out. */
export function openKeychain(file: Uint8Array, classKeys: ClassKeys | undefined, secret: string): Buffer {
  const own = deviceKeys(secret);
  return mapItems(file, (item) => {
    const sealed = bytesAt(item, 'v_Data');
    if (sealed === undefined || sealed.length < HEADER_BYTES + WRAPPED_BYTES) return undefined;
    const protectionClass = sealed.readUInt32LE(4) & 0xf;
    const wrapped = sealed.subarray(HEADER_BYTES, HEADER_BYTES + WRAPPED_BYTES);
    const wrapper = protectionClass < FIRST_DEVICE_BOUND ? (classKeys ?? own) : own;
    const key = unwrap(wrapper, protectionClass, wrapped);
    const plain = key && openWithEmptyIv(key, sealed.subarray(HEADER_BYTES + WRAPPED_BYTES));
    return plain && { ProtectionClass: protectionClass, Item: plain };
  });
}

function mapItems(
  file: Uint8Array,
  convert: (item: PlistDictionary, kind: ItemKind, index: number) => PlistDictionary | undefined,
): Buffer {
  const lists = asDictionary(decodePlist(file));
  const converted = KINDS.map((kind): [string, PlistValue] => [
    kind,
    (arrayAt(lists, kind) ?? []).flatMap((item, index) => convert(asDictionary(item) ?? {}, kind, index) ?? []),
  ]);
  return encodeBinaryPlist(Object.fromEntries(converted));
}

/** One key per class, of the phone alone. */
function deviceKeys(secret: string): ClassKeys {
  return new ClassKeys(new Map(CLASSES.map((each) => [each, hash('sha256', `${secret}:keychain:${each}`, 'buffer')])));
}

function unwrap(keys: ClassKeys, protectionClass: number, wrapped: Buffer): Buffer | undefined {
  try {
    return keys.unwrap(protectionClass, wrapped);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/** By which apps refer to an item: its kind and its number. */
function persistentRef(kind: ItemKind, index: number): Buffer {
  const number = Buffer.alloc(8);
  number.writeUInt32BE(index + 1, 4);
  return Buffer.concat([Buffer.from(kind), number]);
}
