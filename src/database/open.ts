import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { FormatError } from '../shared/errors.ts';
import { Database } from './database.ts';
import { translateError, type ErrorContext } from './errors.ts';

export interface OpenOptions {
  readOnly?: boolean;
  /**
   * The file cannot change while it is open: no locks, and no `-wal` or `-shm` file is made beside it, which opening
   * a WAL-mode database otherwise does even for reading. Implies `readOnly`. A `-wal` that is there is not read.
   */
  immutable?: boolean;
  /** Make the file when it is missing; otherwise that is an error. */
  create?: boolean;
  /** The file comes from outside: its schema may not run functions, and statements it does not fit are FormatErrors. */
  untrusted?: boolean;
  /** How long a statement waits for another process's lock, blocking this thread. 5 s unless told. */
  busyTimeoutMs?: number;
  /** Statements to run at once; a connection on which they fail is closed again. */
  setup?: string;
}

const BUSY_TIMEOUT_MS = 5_000;

/** Longest text or blob taken from a database of others, whose columns may be computed: `zeroblob` costs nothing. */
const UNTRUSTED_LIMITS = { length: 256 * 1024 * 1024 };

/** For a database of others. What sorting needs beside memory would be a temporary file: nothing decrypted may go there. */
const HARDENING = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;';

/**
 * @throws {AppError} STORAGE_FAILED when the file is missing or cannot be opened, and whatever `Database.exec` throws
 *   for the statements of `setup`.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const { readOnly = false, immutable = false, create = false, untrusted = immutable, setup } = options;
  const url = pathToFileURL(path);
  url.searchParams.set('mode', readOnly || immutable ? 'ro' : create ? 'rwc' : 'rw');
  if (immutable) url.searchParams.set('immutable', '1');
  const context = { path, untrusted };
  const connection = connect(url, context, {
    readOnly: readOnly || immutable,
    timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    ...(untrusted && { limits: UNTRUSTED_LIMITS }),
  });
  const database = new Database(connection, context);
  try {
    if (untrusted) database.exec(HARDENING);
    if (setup !== undefined) database.exec(setup);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A private, empty database that is gone when closed. */
export function openMemoryDatabase({ untrusted = false } = {}): Database {
  const context = { path: ':memory:', untrusted };
  return new Database(connect(':memory:', context, {}), context);
}

const HEADER_BYTES = 100;
const FORMAT_VERSIONS_OFFSET = 18;
const ROLLBACK_JOURNAL = 1;

/** Whether bytes begin as an SQLite database does. */
export function isDatabase(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 16)).toString('latin1') === 'SQLite format 3\0';
}

/**
 * Opens the bytes of a database in memory, so that one decrypted from a backup never touches a disk. Changes stay in
 * memory. Memory needed: the size of `bytes` twice, plus once more while a WAL-mode header is being patched.
 *
 * @throws {FormatError} when the bytes are no database.
 */
export function openDatabaseBytes(bytes: Uint8Array): Database {
  if (bytes.length < HEADER_BYTES || !isDatabase(bytes)) {
    throw new FormatError('the bytes are not an SQLite database', { details: { sizeBytes: bytes.length } });
  }
  const context = { path: ':memory:', untrusted: true };
  const connection = connect(':memory:', context, { limits: UNTRUSTED_LIMITS });
  try {
    connection.deserialize(withoutWal(bytes));
    const database = new Database(connection, context);
    database.exec(HARDENING);
    return database;
  } catch (error) {
    connection.close();
    throw translateError(error, context);
  }
}

/**
 * The file format versions for writing and reading say 2 in WAL mode, which most databases of an iPhone are in; SQLite
 * refuses to open such bytes from memory, where no WAL file can lie beside them.
 */
function withoutWal(bytes: Uint8Array): Uint8Array {
  if (bytes[FORMAT_VERSIONS_OFFSET] !== 2 && bytes[FORMAT_VERSIONS_OFFSET + 1] !== 2) return bytes;
  const copy = Buffer.from(bytes);
  copy.fill(ROLLBACK_JOURNAL, FORMAT_VERSIONS_OFFSET, FORMAT_VERSIONS_OFFSET + 2);
  return copy;
}

function connect(location: URL | string, context: ErrorContext, options: DatabaseSyncOptions): DatabaseSync {
  try {
    return new DatabaseSync(location, options);
  } catch (error) {
    throw translateError(error, context);
  }
}
