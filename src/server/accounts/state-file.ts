import { chmodSync, readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';

import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { replaceFile } from '../../shared/files/write-file.ts';

/**
 * A small JSON file for the owner's eyes only, kept in memory and read again when somebody else replaced it: the command
 * line changes accounts beside a running service.
 */
export interface StateFile<T> {
  /** @throws {AppError} STORAGE_FAILED when it is there and cannot be understood: it is never taken for an empty one. */
  read(): T;
  /** Whole or not at all, durable when this returns. @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED */
  write(value: T): void;
  /**
   * As `write`, for what may be lost with the process: where the disk takes nothing it holds in memory only. A full disk
   * keeps nobody from coming in and making room.
   */
  writeIfPossible(value: T): void;
}

interface Seen<T> {
  readonly stamp: string;
  readonly value: T;
}

/**
 * @param empty what it holds as long as it is not there.
 * @param options.mayBeLost whether one that is damaged is begun anew.
 */
export function openStateFile<S extends z.ZodType>(
  path: string,
  schema: S,
  empty: z.output<S>,
  { mayBeLost = false } = {},
): StateFile<z.output<S>> {
  let seen: Seen<z.output<S>> | undefined;
  return {
    read() {
      const stamp = stampOf(path) ?? '';
      if (seen?.stamp === stamp) return seen.value;
      if (stamp === '') return empty;
      const value = readWhole(path, schema);
      if (value instanceof AppError && !mayBeLost) throw value;
      seen = { stamp, value: value instanceof AppError ? empty : value };
      return seen.value;
    },
    write(value) {
      replaceOrThrow(path, value);
      seen = { stamp: stampOf(path) ?? '', value };
    },
    writeIfPossible(value) {
      try {
        replaceOrThrow(path, value);
      } catch (error) {
        if (!isAppError(error)) throw error;
      }
      seen = { stamp: stampOf(path) ?? '', value };
    },
  };
}

function replaceOrThrow(path: string, value: unknown): void {
  try {
    replaceFile(path, Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`));
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === undefined) throw cause;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new AppError(isFull ? 'OUT_OF_SPACE' : 'STORAGE_FAILED', `${path} cannot be written (${code})`, {
      hint: isFull ? 'Make room on its disk.' : 'Check the disk, and who may write there.',
      cause,
    });
  }
}

function stampOf(path: string): string | undefined {
  const facts = statSync(path, { throwIfNoEntry: false, bigint: true });
  return facts === undefined ? undefined : `${facts.ino} ${facts.mtimeNs} ${facts.size}`;
}

/** @returns the error when what is there cannot be understood. @throws {AppError} STORAGE_FAILED */
function readWhole<S extends z.ZodType>(path: string, schema: S): z.output<S> | AppError {
  try {
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    const read = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (read.success) return read.data;
  } catch (error) {
    // A message of JSON.parse repeats what it read, and that is hashes of passwords.
    if (!(error instanceof SyntaxError)) throw unreadable(path, systemErrorCode(error));
  }
  return unreadable(path, undefined);
}

function unreadable(path: string, code: string | undefined): AppError {
  return new AppError(
    'STORAGE_FAILED',
    `${path} cannot be read${code === undefined ? ' as what it should be' : ` (${code})`}`,
    {
      hint: 'Put back the file from before it was damaged. Removing it lets whoever has the code of the service set up anew.',
    },
  );
}
