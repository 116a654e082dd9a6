import {
  asDictionary,
  bytesAt,
  decodeKeyedArchive,
  decodePlist,
  integerAt,
  KeyedObject,
  stringAt,
  valueAt,
} from '../../../formats/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { LockParts } from './locked.ts';

const IV_BYTES = 32;
const TAG_BYTES = 16;

interface LockedArchive {
  readonly state: 'device-passcode' | 'damaged';
  readonly parts?: LockParts;
  readonly content: Uint8Array;
}

/**
 * The keyed archive that locked bytes are since iOS 17, or undefined when they are not. Its content is followed by the
 * IV and the tag; its metadata are two property lists, of which the tag covers one.
 */
export function lockedArchiveOf(bytes: Uint8Array): LockedArchive | undefined {
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== 'bplist00') return undefined;
  const fields = fieldsOf(readOrUndefined(() => decodeKeyedArchive(bytes)));
  const associated = bytesAt(fields, 'metadata');
  const metadata = dictionaryIn(associated);
  const open = dictionaryIn(bytesAt(fields, 'unauthenticatedMetadata'));
  const content = Buffer.alloc(0);
  if (stringAt(metadata, 'accountKeyIdentifier') ?? stringAt(open, 'accountKeyIdentifier')) {
    return { state: 'device-passcode', content };
  }
  const all = bytesAt(fields, 'encryptedData');
  const salt = bytesAt(open, 'passphraseSalt') ?? bytesAt(metadata, 'passphraseSalt');
  const rounds = integerAt(open, 'passphraseIterationCount') ?? integerAt(metadata, 'passphraseIterationCount');
  const wrappedKey = bytesAt(fields, 'wrappedEncryptionKey');
  const end = (all?.length ?? 0) - IV_BYTES - TAG_BYTES;
  if (!all || !salt || !rounds || !wrappedKey || !associated || end < 0) return { state: 'damaged', content };
  const iv = all.subarray(end, end + IV_BYTES);
  const parts = { salt, rounds, wrappedKey, iv, tag: all.subarray(end + IV_BYTES), associated };
  return { state: 'damaged', parts, content: all.subarray(0, end) };
}

/** What a record of CloudKit, archived before it was applied, says about its lock, and what it has locked. */
export interface UnappliedRecord {
  readonly parts: Partial<LockParts>;
  readonly lockedValues: Uint8Array | undefined;
}

export function unappliedRecordOf(bytes: Uint8Array | null | undefined): UnappliedRecord | undefined {
  if (!bytes?.length) return undefined;
  const record = fieldsOf(readOrUndefined(() => decodeKeyedArchive(bytes)));
  const values = asDictionary(valueAt(fieldsOf(valueAt(record, 'ValueStore')), 'RecordValues'));
  if (values === undefined) return undefined;
  const entries = Object.entries({
    salt: bytesAt(values, 'CryptoSalt'),
    rounds: integerAt(values, 'CryptoIterationCount'),
    wrappedKey: bytesAt(values, 'CryptoWrappedKey'),
    iv: bytesAt(values, 'CryptoInitializationVector'),
    tag: bytesAt(values, 'CryptoTag'),
  }).filter(([, value]) => value !== undefined);
  return { parts: Object.fromEntries(entries), lockedValues: bytesAt(values, 'EncryptedValues') };
}

const fieldsOf = (value: unknown): ReturnType<typeof asDictionary> =>
  asDictionary(value instanceof KeyedObject ? value.fields : value);

const dictionaryIn = (bytes: Uint8Array | undefined): ReturnType<typeof asDictionary> =>
  bytes === undefined ? undefined : asDictionary(readOrUndefined(() => decodePlist(bytes)));

function readOrUndefined(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
