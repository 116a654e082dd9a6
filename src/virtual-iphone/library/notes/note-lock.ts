/**
 * Locking notes as iOS does: a key of its own for each, wrapped with a key made from the password of the notes. Up to
 * iOS 16 what is needed to open one lies in columns; since then around the content itself, in a keyed archive.
 */
import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject } from '../../../formats/index.ts';
import type { Random } from '../random.ts';

/** Opens the locked notes of every virtual iPhone. */
export const NOTE_PASSWORD = 'Käsekuchen & 42';
export const NOTE_PASSWORD_HINT = 'die Katze';

const ROUNDS = 20_000;

/** What opens one row and the files that belong to it. */
export interface RowLock {
  readonly columns: Readonly<Record<'ZCRYPTOSALT' | 'ZCRYPTOWRAPPEDKEY', Buffer>> & {
    readonly ZCRYPTOITERATIONCOUNT: number;
  };
  lock(content: Uint8Array): { readonly content: Buffer; readonly iv: Buffer; readonly tag: Buffer };
}

export function makeRowLock(random: Random): RowLock {
  const [salt, key] = [random.bytes(16), random.bytes(16)];
  const wrapping = pbkdf2Sync(NOTE_PASSWORD, salt, ROUNDS, 16, 'sha256');
  return {
    columns: { ZCRYPTOSALT: salt, ZCRYPTOITERATIONCOUNT: ROUNDS, ZCRYPTOWRAPPEDKEY: wrapKey(wrapping, key) },
    lock(content) {
      const iv = random.bytes(16);
      return { ...encrypt('aes-128-gcm', key, iv, content), iv };
    },
  };
}

/** The keyed archive of iOS 17 and later: content, IV and tag in one, metadata that the tag covers beside it. */
export function lockedArchive(random: Random, content: Uint8Array): Buffer {
  const [salt, key, iv] = [random.bytes(32), random.bytes(32), random.bytes(32)];
  const metadata = encodeBinaryPlist({ cipherVersion: 2, objectIdentifier: random.uuid() });
  const sealed = encrypt('aes-256-gcm', key, iv, content, metadata);
  const open = { passphraseSalt: salt, passphraseIterationCount: ROUNDS, passphraseHint: NOTE_PASSWORD_HINT };
  return encodeKeyedArchive(
    new KeyedObject('ICEncryptionObject', {
      metadata,
      unauthenticatedMetadata: encodeBinaryPlist(open),
      wrappedEncryptionKey: wrapKey(pbkdf2Sync(NOTE_PASSWORD, salt, ROUNDS, 32, 'sha256'), key),
      encryptedData: Buffer.concat([sealed.content, iv, sealed.tag]),
    }),
  );
}

/** A note locked with the passcode of the device: it names a key of the keychain, which no password leads to. */
export function lockedWithPasscode(random: Random): Buffer {
  const metadata = { cipherVersion: 1, accountKeyIdentifier: random.uuid(), objectIdentifier: random.uuid() };
  return encodeKeyedArchive(
    new KeyedObject('ICEncryptionObject', {
      metadata: encodeBinaryPlist(metadata),
      unauthenticatedMetadata: encodeBinaryPlist({}),
      wrappedEncryptionKey: random.bytes(40),
      encryptedData: random.bytes(240),
    }),
  );
}

/** The record of iCloud that was not applied yet, with what opens the note. */
export function unappliedRecord({ columns }: RowLock, { iv, tag }: { iv: Buffer; tag: Buffer }): Buffer {
  const values = {
    CryptoSalt: columns.ZCRYPTOSALT,
    CryptoIterationCount: columns.ZCRYPTOITERATIONCOUNT,
    CryptoWrappedKey: columns.ZCRYPTOWRAPPEDKEY,
    CryptoInitializationVector: iv,
    CryptoTag: tag,
  };
  const store = new KeyedObject('CKRecordValueStore', { RecordValues: values, ChangedKeys: [] });
  return encodeKeyedArchive(new KeyedObject('CKRecord', { RecordType: 'PasswordProtectedNote', ValueStore: store }));
}

function encrypt(
  name: 'aes-128-gcm' | 'aes-256-gcm',
  key: Buffer,
  iv: Buffer,
  content: Uint8Array,
  associated?: Uint8Array,
): { content: Buffer; tag: Buffer } {
  const cipher = createCipheriv(name, key, iv, { authTagLength: 16 });
  if (associated) cipher.setAAD(associated);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return { content: sealed, tag: cipher.getAuthTag() };
}

function wrapKey(wrapping: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv(`aes${wrapping.length * 8}-wrap`, wrapping, Buffer.alloc(8, 0xa6));
  return Buffer.concat([cipher.update(key), cipher.final()]);
}
