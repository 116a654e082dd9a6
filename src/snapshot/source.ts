import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound, TargetError, type TargetErrorReason, type TargetFile } from '../shared/target/backup-target.ts';
import type { PlainCopy, Salvage } from '../shared/target/plain-copy.ts';
import { AppError, FormatError, isAppError, systemErrorCode } from '../shared/errors.ts';

/** The bytes of a file on this computer. */
export interface StoredBytes {
  /** A file that holds them, alone or among others. */
  readonly path: string;
  readonly offset: number;
  /** How many; without it all to the end of the file. */
  readonly sizeBytes?: number;
  /** In hex, where it is known what they must be. */
  readonly sha256?: string;
}

/**
 * Where the bytes of one backup are: a folder, a snapshot of a vault. Paths are relative to the backup's own folder,
 * with `/` and without the UDID (`Manifest.db`, `ab/ab12…`). A `BackupTarget` becomes one by prefixing the UDID.
 */
export interface BackupSource {
  /**
   * Where the stored bytes of a file are on this computer, for threads that read them by themselves. It is not looked
   * whether they are there.
   */
  locate?(path: string): StoredBytes | undefined;
  /** @throws {TargetError} not-found, is-a-directory, io */
  read(path: string): TargetFile | Promise<TargetFile>;
  /** A file on this computer that holds exactly these bytes and does not change, where there is one. */
  localPath?(path: string): string | undefined;
  /**
   * Such a file where there is none by itself, made for whoever asks, and gone after use; who has it open may let it go.
   * Undefined where the bytes are as well read into memory.
   */
  plainCopy?(path: string): Promise<PlainCopy | undefined>;
  /** What can still be read of a file that is damaged, where neither of them gives anything: for looking into it only. */
  salvage?(path: string): Promise<Salvage | undefined>;
}

/** `plainCopy` for whoever can read the bytes as well: where they are damaged there is none, and reading them tells why. */
export function copyIfWhole(source: BackupSource, path: string): Promise<PlainCopy | undefined> {
  return unlessRefused(() => source.plainCopy?.(path));
}

/** `salvage` for whoever has met the damage, and tells of it where there is nothing. */
export function salvageIfPossible(source: BackupSource, path: string): Promise<Salvage | undefined> {
  return unlessRefused(() => source.salvage?.(path));
}

async function unlessRefused<T>(ask: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAppError(error) || error instanceof TargetError) return undefined;
    throw error;
  }
}

/** A backup as a plain folder, read where it lies. Nothing is ever written into it, and links are not followed. */
export function folderSource(dir: string): BackupSource {
  return {
    locate: (path) => ({ path: join(dir, path), offset: 0 }),
    read: (path) => openFile(join(dir, path)),
    localPath: (path) => join(dir, path),
  };
}

const CHUNK_BYTES = 1024 * 1024;
/** Up to here a file is read in one step: five times as quick as waiting for the thread pool at each. */
const SMALL_BYTES = 128 * 1024;

function openFile(path: string): TargetFile {
  const sizeBytes = withDescriptor(path, (descriptor) => {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new TargetError('is-a-directory', `${path} is not a file`);
    return stats.size;
  });
  return { sizeBytes, chunks: () => (sizeBytes <= SMALL_BYTES ? smallChunks(path, sizeBytes) : chunksOf(path)) };
}

/** A link is not followed, and a pipe not waited for: whoever made the folder may have put anything into it. */
const READING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function withDescriptor<T>(path: string, use: (descriptor: number) => T): T {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, READING);
    return use(descriptor);
  } catch (cause) {
    throw targetErrorOf(cause, path);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function targetErrorOf(cause: unknown, path: string): unknown {
  const systemCode = systemErrorCode(cause);
  if (systemCode === undefined) return cause;
  return new TargetError(REASONS[systemCode] ?? 'io', `${path} could not be opened or read`, { cause });
}

/** ELOOP and EMLINK are how systems say that a link was not followed, ENXIO that a socket is no file. */
const REASONS: Readonly<Record<string, TargetErrorReason>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  ELOOP: 'is-a-directory',
  EMLINK: 'is-a-directory',
  ENXIO: 'is-a-directory',
};

// oxlint-disable-next-line eslint/require-await -- what it is read from decides how it is read, not how it is used
async function* smallChunks(path: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  // One more than there should be tells a file that has grown, and saves asking whether there is more.
  const chunk = Buffer.allocUnsafe(sizeBytes + 1);
  const filled = withDescriptor(path, (descriptor) => {
    for (let at = 0; ;) {
      const count = readSync(descriptor, chunk, at, chunk.length - at, at);
      at += count;
      if (count === 0 || at === chunk.length) return at;
    }
  });
  if (filled > 0) yield chunk.subarray(0, filled);
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  await using handle = await open(path, READING).catch((cause: unknown) => {
    throw targetErrorOf(cause, path);
  });
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length).catch((cause: unknown) => {
      throw targetErrorOf(cause, path);
    });
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

/**
 * Reads a whole file into memory.
 *
 * @param maxBytes what is larger is refused before anything is read.
 * @returns undefined when there is no such file.
 * @throws {FormatError} when it is larger, or changes its size while being read.
 */
export async function readWhole(source: BackupSource, path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await find(source, path);
  if (file === undefined) return undefined;
  const { sizeBytes } = file;
  if (sizeBytes > maxBytes) throw new FormatError(`${path} is too large to be one`, { details: { sizeBytes } });
  const bytes = Buffer.allocUnsafeSlow(sizeBytes);
  let filled = 0;
  for await (const chunk of file.chunks()) {
    if (filled + chunk.length > sizeBytes) throw changed(path);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== sizeBytes) throw changed(path);
  return bytes;
}

/**
 * The first bytes of a file on this computer, fewer where it has no more.
 *
 * @throws {AppError} STORAGE_FAILED where its disk went away, or does not give it.
 */
export function startOfFile(path: string, maxBytes: number): Buffer {
  const start = Buffer.alloc(maxBytes);
  try {
    return start.subarray(
      0,
      withDescriptor(path, (descriptor) => readSync(descriptor, start, 0, maxBytes, 0)),
    );
  } catch (error) {
    throw asAppError(error, path);
  }
}

/**
 * The file, or undefined when there is none. Its chunks fail as this does.
 *
 * @throws {FormatError} when something other than a file is there.
 * @throws {AppError} STORAGE_FAILED when the disk does not give it, SNAPSHOT_CORRUPT when a vault has it damaged.
 */
export async function find(source: BackupSource, path: string): Promise<TargetFile | undefined> {
  try {
    const file = await source.read(path);
    return { ...file, chunks: () => chunksOrAppError(file, path) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw asAppError(error, path);
  }
}

async function* chunksOrAppError(file: TargetFile, path: string): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* file.chunks();
  } catch (error) {
    throw asAppError(error, path);
  }
}

/** What is no failure of a target passes through; a vault's own reason stands behind that of its target. */
function asAppError(error: unknown, path: string): unknown {
  if (!(error instanceof TargetError)) return error;
  if (isAppError(error.cause)) return error.cause;
  if (error.reason === 'is-a-directory') return new FormatError(`${path} is not a file`, { cause: error });
  const systemCode = systemErrorCode(error.cause);
  const reason = systemCode === undefined ? '' : ` (${systemCode})`;
  return new AppError('STORAGE_FAILED', `${path} of the backup could not be read${reason}`, {
    hint: 'Check that its disk is connected and healthy, and who may read it, then run this again.',
    cause: error,
  });
}

function changed(path: string): FormatError {
  return new FormatError(`${path} changed while it was being read`, {
    hint: 'Wait until nothing writes into the backup any more, then try again.',
  });
}
