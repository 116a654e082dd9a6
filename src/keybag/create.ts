import { randomBytes } from 'node:crypto';
import { ClassKeys } from './class-keys.ts';
import { encodeKeybag, type Keybag, type KeybagClass } from './format.ts';
import { WRAPPED_KEY_BYTES } from './key-wrap.ts';
import { derivePasswordKey, type PasswordDerivation } from './unlock.ts';

export interface CreateKeybagOptions {
  /** Rounds of PBKDF2-HMAC-SHA1. */
  iterations?: number;
  /** Rounds of PBKDF2-HMAC-SHA256 before it; 0 makes a bag as before iOS 10.2, without that step. */
  doubleIterations?: number;
  /** Where keys, salts and identifiers come from; only tests give another. */
  random?: (sizeBytes: number) => Buffer;
}

export interface CreatedKeybag {
  readonly keybag: Keybag;
  readonly bytes: Buffer;
  readonly classKeys: ClassKeys;
}

/** What iOS uses. */
const ITERATIONS = 10_000;
const DOUBLE_ITERATIONS = 10_000_000;

const VERSION = 5;
const TYPE_BACKUP = 1;
const KEY_BYTES = 32;
const SALT_BYTES = 20;
const UUID_BYTES = 16;

/** Apple's order in the bag. */
const CLASSES = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
/** Class 5 and the "this device only" classes of the keychain are wrapped by a device key as well. */
const DEVICE_BOUND = new Set([5, 9, 10, 11]);
const WRAPPED_BY_PASSWORD = 2;
const WRAPPED_BY_BOTH = 3;

/** Makes the keybag of a new encrypted backup, with fresh class keys, as a device does. */
export async function createKeybag(password: string, options: CreateKeybagOptions = {}): Promise<CreatedKeybag> {
  const random = options.random ?? randomBytes;
  const keys = new Map<number, Buffer>();
  const deviceBound = new Map<number, Buffer>();
  for (const each of CLASSES) (DEVICE_BOUND.has(each) ? deviceBound : keys).set(each, random(KEY_BYTES));
  const template: Keybag = {
    version: VERSION,
    type: TYPE_BACKUP,
    uuid: random(UUID_BYTES),
    hmacKey: random(WRAPPED_KEY_BYTES),
    wrap: 0,
    salt: Buffer.alloc(0),
    iterations: 0,
    otherEntries: [],
    classes: CLASSES.map((protectionClass): KeybagClass => ({
      uuid: random(UUID_BYTES),
      protectionClass,
      wrap: DEVICE_BOUND.has(protectionClass) ? WRAPPED_BY_BOTH : WRAPPED_BY_PASSWORD,
      keyType: 0,
    })),
  };
  return rewrapKeybag(template, new ClassKeys(keys, deviceBound), password, options);
}

/**
 * Wraps the same class keys by another password: how a device changes the backup password without touching a file.
 * Salts are new. Classes that `classKeys` has no key for stay as they are, and can no longer be opened.
 */
export async function rewrapKeybag(
  keybag: Keybag,
  classKeys: ClassKeys,
  newPassword: string,
  { iterations = ITERATIONS, doubleIterations = DOUBLE_ITERATIONS, random = randomBytes }: CreateKeybagOptions = {},
): Promise<CreatedKeybag> {
  const derivation: PasswordDerivation = {
    salt: random(SALT_BYTES),
    iterations,
    ...(doubleIterations > 0 && {
      doubleProtection: { type: 1, iterations: doubleIterations, salt: random(SALT_BYTES) },
    }),
  };
  const passwordKey = await derivePasswordKey(derivation, newPassword);
  const { doubleProtection: _, ...unchanged } = keybag;
  const rewrapped: Keybag = {
    ...unchanged,
    ...derivation,
    classes: keybag.classes.map((each) => {
      const wrappedKey = classKeys.wrapClassKey(each.protectionClass, passwordKey);
      return wrappedKey ? { ...each, wrappedKey } : each;
    }),
  };
  return { keybag: rewrapped, bytes: encodeKeybag(rewrapped), classKeys };
}
