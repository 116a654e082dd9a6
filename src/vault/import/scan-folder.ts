import fs, { type Dirent } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';

/** Deeper than any backup; a file system can be made to nest without end. */
const MAX_DEPTH = 32;
/** What operating systems leave in folders that people look into. */
const STRAYS = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.localized']);

/** By what a changed file is told from an unchanged one. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
}

export type ScannedEntry<Context> =
  | {
      readonly kind: 'file';
      readonly directory: string;
      readonly name: string;
      readonly stamp: FileStamp;
      /** What `enter` returned for the directory. */
      readonly context: Context;
    }
  | { readonly kind: 'empty-directory'; readonly directory: string; readonly name: string }
  /** A link, a socket or the like: not part of a backup, and never followed. */
  | { readonly kind: 'passed-over'; readonly directory: string; readonly name: string };

/**
 * Walks a backup folder in the order of a file list.
 *
 * @param enter is called once for every directory, before its entries.
 * @throws {AppError} STORAGE_FAILED, NOT_A_BACKUP when it nests too deep
 */
export function* scanFolder<Context>(
  root: string,
  enter: (directory: string) => Context,
): Generator<ScannedEntry<Context>, undefined> {
  yield* scanDirectory(root, '', enter, 0);
}

/** @returns whether there was anything in it. */
function* scanDirectory<Context>(
  root: string,
  directory: string,
  enter: (directory: string) => Context,
  depth: number,
): Generator<ScannedEntry<Context>, boolean> {
  if (depth > MAX_DEPTH) throw new AppError('NOT_A_BACKUP', `${root} nests too deep for a backup`);
  const context = enter(directory);
  let hasEntries = false;
  for (const { name, key, entry } of sortedEntries(join(root, directory))) {
    const isDirectory = key !== name;
    if (isDirectory) {
      const isFilled = yield* scanDirectory(root, joinPath(directory, name), enter, depth + 1);
      if (!isFilled) yield { kind: 'empty-directory', directory, name };
    } else {
      const stamp = entry.isFile() ? stampOf(join(root, directory, name)) : undefined;
      yield stamp === undefined
        ? { kind: 'passed-over', directory, name }
        : { kind: 'file', directory, name, stamp, context };
      if (stamp === undefined) continue;
    }
    hasEntries = true;
  }
  return hasEntries;
}

function sortedEntries(path: string): { name: string; key: string; entry: Dirent }[] {
  try {
    return fs
      .readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !STRAYS.has(name) && !name.startsWith('._'))
      .map((entry) => ({ name: entry.name, key: entry.isDirectory() ? `${entry.name}/` : entry.name, entry }))
      .toSorted((a, b) => compareUtf8(a.key, b.key));
  } catch (error) {
    throw storageError(error, 'look into', path);
  }
}

/** Undefined when it is no regular file any more, or has a name that no text can say. */
function stampOf(path: string): FileStamp | undefined {
  try {
    const { size, mtimeMs, ctimeMs, ino, mode } = fs.lstatSync(path);
    const isFile = (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG;
    return isFile ? { sizeBytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino } : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, 'look at', path);
  }
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return (
    a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs && a.inode === b.inode
  );
}
