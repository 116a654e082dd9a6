import fs, { type Dirent } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';

/** Deeper than any backup; a file system can be made to nest without end. */
const MAX_DEPTH = 32;
/** What operating systems leave in folders that people look into. */
const STRAYS = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.localized']);
/** Old backups have all their files in one directory; it is told in runs of this length. */
const MAX_RUN_FILES = 4096;

/** By what a changed file is told from an unchanged one. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
}

/** The numbers of a stamp. */
const STAMP_NUMBERS = 4;

/** The stamps of many files, without an object for each. */
export class FileStamps {
  readonly numbers: Float64Array<ArrayBuffer>;

  constructor(numbers: number | Float64Array<ArrayBuffer>) {
    this.numbers = typeof numbers === 'number' ? new Float64Array(numbers * STAMP_NUMBERS) : numbers;
  }

  get count(): number {
    return this.numbers.length / STAMP_NUMBERS;
  }

  set(at: number, { sizeBytes, modifiedMs, changedMs, inode }: FileStamp): void {
    this.#set(at, sizeBytes, modifiedMs, changedMs, inode);
  }

  get(at: number): FileStamp {
    const [sizeBytes = 0, modifiedMs = 0, changedMs = 0, inode = 0] = this.numbers.subarray(
      at * STAMP_NUMBERS,
      (at + 1) * STAMP_NUMBERS,
    );
    return { sizeBytes, modifiedMs, changedMs, inode };
  }

  sizeAt(at: number): number {
    return this.numbers[at * STAMP_NUMBERS] ?? 0;
  }

  /** When content or name last changed. */
  changedAt(at: number): number {
    return Math.max(this.numbers[at * STAMP_NUMBERS + 1] ?? 0, this.numbers[at * STAMP_NUMBERS + 2] ?? 0);
  }

  /** Makes the stamp one that no file has. */
  forget(at: number): void {
    this.numbers.fill(Number.NaN, at * STAMP_NUMBERS + 1, (at + 1) * STAMP_NUMBERS);
  }

  /** Whether the file at `at` has the stamp that the one at `otherAt` has there. */
  same(at: number, other: FileStamps, otherAt: number): boolean {
    for (let i = 0; i < STAMP_NUMBERS; i++) {
      if (this.numbers[at * STAMP_NUMBERS + i] !== other.numbers[otherAt * STAMP_NUMBERS + i]) return false;
    }
    return true;
  }

  /** Takes the stamp of a regular file from the disk; false when there is none. */
  take(at: number, path: string): boolean {
    const stats = lstatIfThere(path);
    if (stats === undefined || (stats.mode & fs.constants.S_IFMT) !== fs.constants.S_IFREG) return false;
    this.#set(at, stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino);
    return true;
  }

  subarray(from: number, to: number): FileStamps {
    return new FileStamps(this.numbers.subarray(from * STAMP_NUMBERS, to * STAMP_NUMBERS));
  }

  #set(at: number, sizeBytes: number, modifiedMs: number, changedMs: number, inode: number): void {
    const numbers = this.numbers;
    const start = at * STAMP_NUMBERS;
    numbers[start] = sizeBytes;
    numbers[start + 1] = modifiedMs;
    numbers[start + 2] = changedMs;
    numbers[start + 3] = inode;
  }
}

/** Neighbours in a list: files of one directory with no other directory between them. */
export interface FileRun {
  readonly kind: 'files';
  readonly directory: string;
  readonly names: readonly string[];
  readonly stamps: FileStamps;
  /** Whether the directory holds just these. */
  readonly isWholeDirectory: boolean;
}

export type ScannedEntry =
  | FileRun
  | { readonly kind: 'empty-directory'; readonly directory: string; readonly name: string }
  /** A link, a socket or the like: not part of a backup, and never followed. */
  | { readonly kind: 'passed-over'; readonly directory: string; readonly name: string };

/**
 * Walks a backup folder in the order of a file list.
 *
 * @throws {AppError} STORAGE_FAILED, NOT_A_BACKUP when it nests too deep
 */
export function* scanFolder(root: string): Generator<ScannedEntry, undefined> {
  yield* scanDirectory(root, '', 0);
}

/** @returns whether there was anything in it. */
function* scanDirectory(root: string, directory: string, depth: number): Generator<ScannedEntry, boolean> {
  if (depth > MAX_DEPTH) throw new AppError('NOT_A_BACKUP', `${root} nests too deep for a backup`);
  // Put together by hand: what `join` adds in care takes longer than asking the disk.
  const prefix = directory === '' ? `${root}/` : `${root}/${directory}/`;
  const entries = sortedEntries(prefix);
  let isWholeDirectory = true;
  let hasEntries = false;
  let names: string[] = [];
  let stamps = new FileStamps(Math.min(entries.length, MAX_RUN_FILES));
  function* endRun(): Generator<FileRun, void> {
    if (names.length === 0) return;
    yield { kind: 'files', directory, names, stamps: stamps.subarray(0, names.length), isWholeDirectory };
    names = [];
    stamps = new FileStamps(Math.min(entries.length, MAX_RUN_FILES));
  }
  for (const { name, isDirectory, isFile } of entries) {
    if (isDirectory) {
      isWholeDirectory = false;
      yield* endRun();
      const isFilled = yield* scanDirectory(root, joinPath(directory, name), depth + 1);
      if (!isFilled) yield { kind: 'empty-directory', directory, name };
      hasEntries = true;
    } else if (isFile && stamps.take(names.length, prefix + name)) {
      names.push(name);
      hasEntries = true;
      if (names.length < MAX_RUN_FILES) continue;
      isWholeDirectory = false;
      yield* endRun();
    } else {
      yield { kind: 'passed-over', directory, name };
    }
  }
  yield* endRun();
  return hasEntries;
}

interface SortedEntry {
  readonly name: string;
  /** What it sorts by: the names of directories end with a slash. */
  readonly key: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

function sortedEntries(path: string): SortedEntry[] {
  return readDirectory(path)
    .filter(({ name }) => !STRAYS.has(name) && !name.startsWith('._'))
    .map((entry) => {
      const { name } = entry;
      const isDirectory = entry.isDirectory();
      return { name, key: isDirectory ? `${name}/` : name, isDirectory, isFile: entry.isFile() };
    })
    .toSorted((a, b) => compareUtf8(a.key, b.key));
}

function readDirectory(path: string): Dirent[] {
  try {
    return fs.readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw storageError(error, 'look into', path);
  }
}

/** Undefined when it is not there any more, or has a name that no text can say. */
function lstatIfThere(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
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
