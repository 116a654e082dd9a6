import { lstat, mkdir, open, readdir, rename, rm, statfs, cp, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type BackupTarget,
  type TargetEntry,
  TargetError,
  type TargetErrorReason,
  type TargetFile,
  type TargetSink,
} from '../shared/target/backup-target.ts';
import { systemErrorCode } from '../shared/errors.ts';
import { parseTargetPath } from '../shared/target/target-path.ts';

/** Where files are received, inside the root so that a rename brings them to their place. */
const RECEIVING = '.holdfast-receiving';
const READ_BYTES = 256 * 1024;

/**
 * A plain backup folder as a target: `<root>/<UDID>/…`, as Finder, iTunes and idevicebackup2 keep it.
 *
 * Confined to the directories named, also when something in them is a symbolic link that leads elsewhere: links are
 * never followed. Files appear whole, by a rename.
 *
 * @param udids the directories of `root` that may be used.
 * @param reserveBytes of the disk's free space that the job must leave alone.
 */
export async function openFolderTarget(
  root: string,
  { udids, reserveBytes = 0 }: { udids: readonly string[]; reserveBytes?: number },
): Promise<FolderTarget> {
  const target = new FolderTarget(root, new Set(udids), reserveBytes);
  await target.clean();
  return target;
}

export class FolderTarget implements BackupTarget, AsyncDisposable {
  readonly #root: string;
  readonly #udids: ReadonlySet<string>;
  readonly #reserveBytes: number;
  /** Directories seen to be directories and no links. Only this process changes them. */
  readonly #known = new Set<string>();
  #received = 0;

  constructor(root: string, udids: ReadonlySet<string>, reserveBytes: number) {
    this.#root = root;
    this.#udids = udids;
    this.#reserveBytes = reserveBytes;
  }

  async read(path: string): Promise<TargetFile> {
    const place = await this.#place(path);
    const stats = await attempt(path, () => lstat(place));
    if (stats.isDirectory()) throw new TargetError('is-a-directory', `${path} is a directory`);
    if (!stats.isFile()) throw new TargetError('invalid-path', `${path} is no file`);
    return { sizeBytes: stats.size, chunks: () => readChunks(path, place) };
  }

  async create(path: string): Promise<TargetSink> {
    const place = await this.#place(path);
    await this.#refuseDirectory(path, place);
    this.#received += 1;
    const temporary = join(this.#root, RECEIVING, String(this.#received));
    const handle = await attempt(path, async () => {
      await mkdir(dirname(temporary), { recursive: true });
      return await open(temporary, 'w');
    });
    return {
      write: (chunk) => attempt(path, () => handle.appendFile(chunk)),
      finish: () => attempt(path, () => this.#publish(handle, temporary, path, place)),
      discard: async () => {
        await handle.close().catch(() => {});
        await rm(temporary, { force: true }).catch(() => {});
      },
    };
  }

  async list(path: string): Promise<TargetEntry[]> {
    const place = await this.#place(path);
    return await attempt(path, async () => {
      const stats = await lstat(place);
      if (!stats.isDirectory()) throw new TargetError('not-a-directory', `${path} is no directory`);
      const entries: TargetEntry[] = [];
      for (const name of await readdir(place)) {
        const entry = await lstat(join(place, name));
        if (!entry.isDirectory() && !entry.isFile()) continue;
        const kind = entry.isDirectory() ? 'directory' : 'file';
        entries.push({ name, kind, sizeBytes: entry.size, modifiedAt: entry.mtime });
      }
      return entries;
    });
  }

  async makeDirectory(path: string): Promise<void> {
    const place = await this.#place(path);
    await this.#makeParents(path, place);
    await attempt(path, async () => {
      try {
        await mkdir(place);
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST' || !(await lstat(place)).isDirectory()) throw error;
      }
    });
  }

  async move(from: string, to: string): Promise<void> {
    const source = await this.#place(from);
    const destination = await this.#place(to);
    const stats = await attempt(from, () => lstat(source));
    if (source === destination) return;
    refuseNesting(source, destination, from);
    await this.#makeParents(to, destination);
    await attempt(to, async () => {
      if (stats.isDirectory() || (await isDirectory(destination)))
        await rm(destination, { recursive: true, force: true });
      this.#known.clear();
      await rename(source, destination);
    });
  }

  async remove(path: string): Promise<void> {
    const place = await this.#place(path, { missingParents: 'ignore' });
    this.#known.clear();
    await attempt(path, () => rm(place, { recursive: true, force: true }), { ignore: ['ENOENT', 'ENOTDIR'] });
  }

  async copy(from: string, to: string): Promise<void> {
    const source = await this.#place(from);
    const destination = await this.#place(to);
    await attempt(from, () => lstat(source));
    if (source === destination) return;
    refuseNesting(source, destination, from);
    await this.#makeParents(to, destination);
    await attempt(to, async () => {
      await rm(destination, { recursive: true, force: true });
      this.#known.clear();
      await cp(source, destination, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    });
  }

  async freeBytes(): Promise<number> {
    const stats = await attempt(this.#root, () => statfs(this.#root));
    return Math.max(0, stats.bavail * stats.bsize - this.#reserveBytes);
  }

  /** Removes what an earlier job left half received. */
  async clean(): Promise<void> {
    await rm(join(this.#root, RECEIVING), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clean();
  }

  async #publish(handle: FileHandle, temporary: string, path: string, place: string): Promise<void> {
    // Which state a backup is in must survive a power cut; every other file is found out by it.
    if (/^(Status\.plist|Manifest\.)/.test(basename(place))) await handle.sync();
    await handle.close();
    await this.#makeParents(path, place);
    await this.#refuseDirectory(path, place);
    await rename(temporary, place);
  }

  async #refuseDirectory(path: string, place: string): Promise<void> {
    if (await isDirectory(place)) throw new TargetError('is-a-directory', `${path} is a directory`);
  }

  async #makeParents(path: string, place: string): Promise<void> {
    await attempt(path, () => mkdir(dirname(place), { recursive: true }));
  }

  /**
   * Where a path of the device lies on the disk.
   *
   * @throws {TargetError} invalid-path, when it is none of ours or leads through a symbolic link; not-a-directory,
   * when it leads through a file.
   */
  async #place(path: string, { missingParents }: { missingParents?: 'ignore' } = {}): Promise<string> {
    const names = parseTargetPath(path);
    if (!this.#udids.has(names[0] ?? '')) throw new TargetError('invalid-path', `${path} is not part of this backup`);
    let place = this.#root;
    for (const name of names.slice(0, -1)) {
      place = join(place, name);
      if (this.#known.has(place)) continue;
      const kind = await kindOf(place);
      if (kind === undefined) break;
      if (kind === 'link') throw new TargetError('invalid-path', `${path} leads through a link`);
      if (kind === 'directory') this.#known.add(place);
      else if (missingParents !== 'ignore') throw new TargetError('not-a-directory', `${path} leads through a file`);
    }
    return join(this.#root, ...names);
  }
}

async function* readChunks(path: string, place: string): AsyncGenerator<Uint8Array, void> {
  // O_NOFOLLOW is 0 where it does not exist.
  const handle = await attempt(path, () => open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)));
  try {
    const memory = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const { bytesRead } = await attempt(path, () => handle.read(memory, 0, READ_BYTES));
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Neither may hold the other: replacing the destination would remove the source, or be impossible. */
function refuseNesting(source: string, destination: string, path: string): void {
  if (`${destination}/`.startsWith(`${source}/`) || `${source}/`.startsWith(`${destination}/`)) {
    throw new TargetError('invalid-path', `${path} cannot go into or out of itself`);
  }
}

async function isDirectory(place: string): Promise<boolean> {
  return (await kindOf(place)) === 'directory';
}

async function kindOf(place: string): Promise<'directory' | 'file' | 'link' | undefined> {
  try {
    const stats = await lstat(place);
    return stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T>;
async function attempt<T>(path: string, work: () => Promise<T>, options: { ignore: string[] }): Promise<T | undefined>;
async function attempt<T>(
  path: string,
  work: () => Promise<T>,
  { ignore = [] }: { ignore?: string[] } = {},
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || code.startsWith('ERR_')) throw error;
    if (ignore.includes(code)) return undefined;
    throw new TargetError(REASONS[code] ?? 'io', `${path}: ${code}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, TargetErrorReason>> = {
  ENOENT: 'not-found',
  EEXIST: 'exists',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'is-a-directory',
  ENAMETOOLONG: 'invalid-path',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
};
