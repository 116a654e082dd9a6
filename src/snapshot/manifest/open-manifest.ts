import { isDatabase, openDatabase, openDatabaseBytes, salvageDatabase, type Database } from '../../database/index.ts';
import { decryptInPlace, type ClassKeys } from '../../keybag/index.ts';
import type { TargetFile } from '../../shared/target/backup-target.ts';
import { lossIn } from '../../shared/target/plain-copy.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { letGo } from '../../shared/flow/let-go.ts';
import { readManifestPlist, type ManifestFacts } from '../facts.ts';
import type { Manifest } from './manifest.ts';
import { DatabaseManifest } from './manifest-db.ts';
import { MbdbManifest } from './manifest-mbdb.ts';
import { passwordNeeded } from '../password-needed.ts';
import { revealEntries } from './scrambled-entries.ts';
import { find, readWhole, salvageIfPossible, startOfFile, type BackupSource } from '../source.ts';

const DATABASE = 'Manifest.db';
const MBDB = 'Manifest.mbdb';
/** Real ones reach 1.5 GB; a Buffer holds no more than this, and neither does a person's phone. */
const MAX_MANIFEST_BYTES = 4 * 1024 ** 3;
const MAGIC_BYTES = 16;

export interface OpenManifestOptions {
  classKeys?: ClassKeys | undefined;
  /** The first releases of iOS 10 need it besides the keys: see scrambled-entries.ts. */
  password?: string | undefined;
  /** For whoever only looks at what there is: a damaged Manifest.db is read as far as it goes. Told what is lost. */
  onDamage?: ((sentence: string) => void) | undefined;
}

/**
 * Opens the manifest of a backup: Manifest.db, or Manifest.mbdb from before iOS 10, by what is there.
 *
 * An unencrypted database is read in place when it lies on this computer, or out of a copy that is made for it, so that
 * memory does not grow with it. An encrypted one is decrypted into memory (twice its size for a moment) and never onto a disk.
 *
 * @throws {AppError} NOT_A_BACKUP when there is neither, SNAPSHOT_CORRUPT when it is empty or does not decrypt,
 * WRONG_PASSWORD when it is encrypted and no keys were given.
 * @throws {FormatError} when it is not a manifest.
 */
export async function openManifest(source: BackupSource, options: OpenManifestOptions = {}): Promise<Manifest> {
  const file = await find(source, DATABASE);
  if (file) {
    const manifest = new DatabaseManifest(await openWholeOrRest(source, file, options));
    if (options.classKeys) revealEntries(manifest, options.classKeys, options.password);
    return manifest;
  }
  const records = await readWhole(source, MBDB, MAX_MANIFEST_BYTES);
  if (records) return new MbdbManifest(records);
  throw new AppError('NOT_A_BACKUP', 'there is no Manifest.db and no Manifest.mbdb', {
    hint:
      'Choose the folder of one device, the one that holds Info.plist and Manifest.plist. ' +
      'Backups of iOS 3 and earlier, whose files end in .mdinfo and .mddata, cannot be read.',
  });
}

/**
 * Whether a backup is encrypted. What Manifest.plist claims is not enough: a Manifest.db that is no database proves
 * that it is; and since iOS 10.2, when Manifest.db is encrypted with the rest, one that can be read although there is
 * a key for it means that another program decrypted the whole backup and left Manifest.plist as it was.
 */
export async function isEncryptedBackup(source: BackupSource, facts: ManifestFacts | undefined): Promise<boolean> {
  const file = await find(source, DATABASE);
  if (file === undefined || file.sizeBytes === 0) return facts?.isEncrypted === true;
  const canBeRead = isDatabase(await startOf(source, file));
  return canBeRead
    ? facts?.isEncrypted === true && facts.manifestKey === undefined
    : facts?.isEncrypted === true || facts?.manifestKey !== undefined;
}

/** Whether there is a Manifest.db that needs no key. */
export async function hasPlainManifest(source: BackupSource): Promise<boolean> {
  const file = await find(source, DATABASE);
  return file !== undefined && isDatabase(await startOf(source, file));
}

async function startOf(source: BackupSource, file: TargetFile): Promise<Uint8Array> {
  const path = source.localPath?.(DATABASE);
  if (path !== undefined) return startOfFile(path, MAGIC_BYTES);
  try {
    for await (const chunk of file.chunks()) return Buffer.from(chunk.subarray(0, MAGIC_BYTES));
  } catch (error) {
    using left = isAppError(error, 'SNAPSHOT_CORRUPT') ? await salvageIfPossible(source, DATABASE) : undefined;
    if (left === undefined) throw error;
    return 'path' in left.content
      ? startOfFile(left.content.path, MAGIC_BYTES)
      : left.content.bytes.subarray(0, MAGIC_BYTES);
  }
  return Buffer.alloc(0);
}

async function openWholeOrRest(
  source: BackupSource,
  file: TargetFile,
  { classKeys, onDamage }: OpenManifestOptions,
): Promise<Database> {
  try {
    return await openManifestDatabase(source, file, classKeys);
  } catch (error) {
    const mayBeLess = onDamage !== undefined && isAppError(error, 'SNAPSHOT_CORRUPT');
    using left = mayBeLess ? await salvageIfPossible(source, DATABASE) : undefined;
    if (left === undefined) throw error;
    const { content, lostBytes } = left;
    onDamage?.(`The list of files, Manifest.db, is damaged: ${lossIn(left)}.`);
    const opened = 'path' in content ? openDatabase(content.path, { immutable: true }) : openOwnedBytes(content.bytes);
    if (lostBytes === 0) return opened;
    // What is lost of a list is not to keep what it says of all other files from being read.
    using damaged = opened;
    return salvageDatabase(damaged).database;
  }
}

async function openManifestDatabase(source: BackupSource, file: TargetFile, classKeys: ClassKeys | undefined) {
  if (file.sizeBytes === 0) throw corrupt('Manifest.db is empty');
  const path = source.localPath?.(DATABASE);
  if (path !== undefined && isDatabase(startOfFile(path, MAGIC_BYTES))) return openDatabase(path, { immutable: true });
  using copy = await source.plainCopy?.(DATABASE);
  if (copy !== undefined && isDatabase(startOfFile(copy.path, MAGIC_BYTES)))
    return openDatabase(copy.path, { immutable: true });
  if (file.sizeBytes > MAX_MANIFEST_BYTES) throw corrupt('Manifest.db is too large');
  const bytes = await readWhole(source, DATABASE, MAX_MANIFEST_BYTES);
  if (bytes === undefined) throw corrupt('Manifest.db disappeared while it was being read');
  if (isDatabase(bytes)) return openOwnedBytes(bytes);
  const facts = await readManifestPlist(source);
  if (!facts?.manifestKey) throw corrupt('Manifest.db is not a database, and nothing says how it is encrypted');
  if (!classKeys) throw passwordNeeded();
  const plain = decryptInPlace(manifestKeyOf(facts.manifestKey, classKeys), bytes);
  if (!isDatabase(plain)) throw corrupt('Manifest.db did not decrypt to a database');
  const database = openOwnedBytes(plain);
  letGo(bytes);
  return database;
}

function manifestKeyOf(wrapped: Buffer, classKeys: ClassKeys): Buffer {
  try {
    return classKeys.unwrapFileKey(wrapped);
  } catch (cause) {
    if (!isAppError(cause, 'FORMAT_INVALID')) throw cause;
    throw corrupt(`the password is right, but the key of Manifest.db cannot be used: ${cause.message}`, cause);
  }
}

/** Bytes 18 and 19 say WAL mode, which would cost another copy when opening: these bytes are ours to change. */
function openOwnedBytes(bytes: Buffer) {
  if (bytes.length > 20) bytes.fill(1, 18, 20);
  return openDatabaseBytes(bytes);
}

function corrupt(message: string, cause?: unknown): AppError {
  return new AppError('SNAPSHOT_CORRUPT', message, {
    hint: 'The backup is incomplete or damaged: use an earlier one, or back up the device again.',
    cause,
  });
}
