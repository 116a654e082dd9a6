/**
 * What a phone sees as "the computer's folder" during a backup, a restore or a password change. The phone asks, the
 * target answers. Implementations: a draft of the vault, a snapshot (read-only), a plain backup folder.
 *
 * Paths are those of the wire: relative, separated by `/`, beginning with the UDID directory (`<UDID>/Status.plist`).
 * They come from the phone and are hostile until checked: a target refuses what `parseTargetPath` refuses and
 * whatever lies outside the UDID directory it was made for.
 *
 * Expected failures are `TargetError`s: the session turns them into the status the phone is told and goes on.
 * Methods return plain values where the answer is at hand and promises where it is not; callers await either.
 */

/** Why a target could not do what the phone asked, in the words of DeviceLink's status codes. */
export type TargetErrorReason =
  | 'not-found'
  | 'exists'
  | 'not-a-directory'
  | 'is-a-directory'
  | 'invalid-path'
  | 'unsupported'
  | 'no-space'
  | 'io';

export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly reason: TargetErrorReason;

  constructor(reason: TargetErrorReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}

/** Whether an error says that there is no such file, as opposed to one that could not be read. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TargetError && error.reason === 'not-found';
}

export interface TargetEntry {
  /** One name, not a path. */
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

export interface TargetFile {
  readonly sizeBytes: number;
  /** Reads the whole file in order. Chunks are at most 1 MiB and belong to the caller until the next is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A file being received. Nothing of it is visible in the target before `finish`. */
export interface TargetSink {
  /** Takes the bytes before it returns or, where it returns a promise, before that resolves: the caller reuses them. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** Makes the file visible, replacing whatever file had its name. */
  finish(): void | Promise<void>;
  /** Drops everything received. Never throws. */
  discard(): void | Promise<void>;
}

type Answer<T> = T | Promise<T>;

export interface BackupTarget {
  /** @throws {TargetError} not-found, is-a-directory, invalid-path, io */
  read(path: string): Answer<TargetFile>;
  /** Missing parent directories are made. @throws {TargetError} invalid-path, is-a-directory, no-space, io */
  create(path: string): Answer<TargetSink>;
  /** The entries of one directory, not of those below it. @throws {TargetError} not-found, not-a-directory */
  list(path: string): Answer<readonly TargetEntry[]>;
  /** Making a directory that exists succeeds. @throws {TargetError} exists (as a file), invalid-path */
  makeDirectory(path: string): Answer<void>;
  /** Moves a file or a directory with all in it, replacing the destination. @throws {TargetError} not-found … */
  move(from: string, to: string): Answer<void>;
  /** Removes a file, or a directory with all in it. Removing what is not there succeeds. */
  remove(path: string): Answer<void>;
  /** Copies a file, or a directory with all in it. */
  copy(from: string, to: string): Answer<void>;
  /** Space truly available to this job, reserve already subtracted. */
  freeBytes(): Answer<number>;
}
