import { AppError, FormatError } from '../shared/errors.ts';

/** Another connection holds the lock. A subclass so that a vault can catch it and name the holder. */
export class DatabaseBusyError extends AppError {
  override readonly name = 'DatabaseBusyError';

  constructor(cause: unknown) {
    super('VAULT_BUSY', 'the database is in use by another process', {
      hint: 'Wait until the other job has finished, then try again.',
      cause,
    });
  }
}

/** SQLite's primary result codes that a caller can expect (https://sqlite.org/rescode.html). */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_TOOBIG = 18;
const SQLITE_NOTADB = 26;
/** An extended code: the -shm file could not grow. SQLite has no word for what that mostly means, a full disk. */
const SQLITE_IOERR_SHMSIZE = SQLITE_IOERR | (19 << 8);

/** Whether SQLite found a page of a database damaged, and not merely another layout than expected. */
export const isDamage = (error: unknown): boolean =>
  error instanceof FormatError && (Number(error.details['sqliteCode'] ?? 0) & 0xff) === SQLITE_CORRUPT;

/** Whether a row held an integer beyond 2^53, and none of it was read for that. */
export const isTooLargeNumber = (error: unknown): boolean =>
  error instanceof FormatError &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'ERR_OUT_OF_RANGE';

export interface ErrorContext {
  /** What to name in details; a path, never contents. */
  readonly path: string;
  /** In a database from outside, a statement that fails to compile means another schema, not a bug of ours. */
  readonly untrusted: boolean;
}

/** Turns what node:sqlite throws into an expected failure, or returns it as it is. */
export function translateError(error: unknown, { path, untrusted }: ErrorContext): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_OUT_OF_RANGE' && untrusted) {
    return new FormatError('the database holds a number where none so large belongs', { cause: error });
  }
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return error;
  const extended = Number(error.errcode);
  const details = { path, sqliteCode: extended };
  switch (extended === SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new DatabaseBusyError(error);
    case SQLITE_FULL:
      return new AppError('OUT_OF_SPACE', 'there is no space left for the database', {
        hint: 'Free some space on the disk, then try again.',
        details,
        cause: error,
      });
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new FormatError('the file is not a database, or is damaged', { details, cause: error });
    case SQLITE_TOOBIG:
      return new FormatError('the database holds more in one place than could be of use', { details, cause: error });
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return new AppError('STORAGE_FAILED', `the database could not be opened or written (${error.message})`, {
        hint: 'Check that the disk is mounted, writable and healthy.',
        details,
        cause: error,
      });
    case SQLITE_ERROR:
      return untrusted ? new FormatError('the database is laid out differently', { details, cause: error }) : error;
    default:
      return error;
  }
}
