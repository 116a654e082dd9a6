/**
 * keychain-backup.plist: the secrets of the phone, each under a key of its own, that key wrapped by the key of its
 * class from the backup's keybag, or by the device's where there is no backup password.
 *
 *   offset 0   u32  version, 3 (all integers little-endian)
 *   offset 4   u32  protection class
 *   offset 8   u32  length of the wrapped key, 40
 *   offset 12       wrapped key; then AES-256-GCM with an empty IV: cipher text, 16-byte tag
 */
import { createCipheriv, hash } from 'node:crypto';
import { encodeBinaryPlist, type PlistDictionary } from '../../../formats/index.ts';
import type { PhoneDisk } from '../../disk/index.ts';
import { encodeKeychainItem, keychainItems, type KeychainItem } from './keychain.ts';
import { Random } from '../random.ts';

/** The keys of a backup's keybag, as far as wrapping goes. */
export interface KeyWrapper {
  readonly usableClasses: readonly number[];
  /** @returns 44 bytes: u32 class, wrapped key. */
  wrapFileKey(protectionClass: number, key: Uint8Array): Buffer;
}

const DOMAIN = 'KeychainDomain';
const PATH = 'keychain-backup.plist';
const VERSION = 3;
const CLASS_BYTES = 4;
const WRAPPED_KEY_BYTES = 40;
const BLOCK_BYTES = 16;

/** Writes the keychain of a new phone: nobody but the device could read it. */
export function fillKeychain(disk: PhoneDisk, seed: number, now: Date): void {
  const bytes = encodeKeychainBackup(keychainItems(seed, now), seed);
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now, uid: 64, gid: 64, mode: 0o600 });
}

/**
 * Writes the phone's keychain anew for the keys of a backup password, or for none. A phone without a keychain stays
 * without.
 */
export function rewriteKeychain(disk: PhoneDisk, seed: number, now: Date, keys?: KeyWrapper): void {
  if (disk.get(DOMAIN, PATH)) disk.writeFile(DOMAIN, PATH, encodeKeychainBackup(keychainItems(seed, now), seed, keys));
}

/** @param keys of the backup; items of classes it cannot use, and all without it, are bound to the device. */
export function encodeKeychainBackup(items: readonly KeychainItem[], seed: number, keys?: KeyWrapper): Buffer {
  const random = new Random(seed, 'keychain backup');
  const lists: Record<KeychainItem['kind'], PlistDictionary[]> = { genp: [], inet: [], cert: [], keys: [] };
  items.forEach((item, i) => {
    const key = hash('sha256', `${seed}:${i}:${item.kind}`, 'buffer');
    const wrapped = keys?.usableClasses.includes(item.protectionClass)
      ? keys.wrapFileKey(item.protectionClass, key).subarray(CLASS_BYTES)
      : random.bytes(WRAPPED_KEY_BYTES);
    const header = Buffer.alloc(12);
    header.writeUInt32LE(VERSION, 0);
    header.writeUInt32LE(item.protectionClass, 4);
    header.writeUInt32LE(wrapped.length, 8);
    const reference = Buffer.concat([Buffer.from(item.kind), random.bytes(12)]);
    const secret = Buffer.concat([header, wrapped, sealWithoutIv(key, encodeKeychainItem(item))]);
    lists[item.kind].push({ v_Data: secret, v_PersistentRef: reference });
  });
  return encodeBinaryPlist(lists);
}

/**
 * AES-256-GCM with an IV of no bytes, which OpenSSL refuses: the counter then begins at zero, so that the text is
 * encrypted from block 1 on and the tag masked with block 0 (NIST SP 800-38D §7.1).
 */
export function sealWithoutIv(key: Uint8Array, text: Uint8Array): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  const mask = cipher.update(Buffer.alloc(BLOCK_BYTES));
  const sealed = cipher.update(text);
  const block = createCipheriv('aes-256-ecb', key, null);
  const tag = ghash(block.update(Buffer.alloc(BLOCK_BYTES)), sealed);
  for (let i = 0; i < BLOCK_BYTES; i++) tag.writeUInt8(tag.readUInt8(i) ^ mask.readUInt8(i), i);
  return Buffer.concat([sealed, tag]);
}

const REDUCTION = 0xe1n << 120n;

/** The hash of GCM over a cipher text without additional data: multiplication in GF(2^128), bit by bit. */
function ghash(subkey: Buffer, sealed: Buffer): Buffer {
  const h = BigInt(`0x${subkey.toString('hex')}`);
  const lengths = Buffer.alloc(BLOCK_BYTES);
  lengths.writeBigUInt64BE(BigInt(sealed.length * 8), 8);
  const padding = Buffer.alloc((BLOCK_BYTES - (sealed.length % BLOCK_BYTES)) % BLOCK_BYTES);
  const input = Buffer.concat([sealed, padding, lengths]);
  let sum = 0n;
  for (let at = 0; at < input.length; at += BLOCK_BYTES) {
    sum = multiply(sum ^ BigInt(`0x${input.toString('hex', at, at + BLOCK_BYTES)}`), h);
  }
  return Buffer.from(sum.toString(16).padStart(2 * BLOCK_BYTES, '0'), 'hex');
}

function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let shifted = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}
