/** What a disk may hold after a power cut: operations are recorded, and any prefix of them replayed without what was not synced. */
import fs, { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Disk, type FileOperations } from './durability.ts';

type Operation =
  | { readonly kind: 'create'; readonly path: string; readonly inode: number }
  | { readonly kind: 'write'; readonly inode: number; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly inode: number; readonly sizeBytes: number }
  | { readonly kind: 'sync'; readonly inode: number }
  | { readonly kind: 'sync-directory'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly inode: number | undefined }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'mkdir'; readonly path: string };

/** Decides of each thing that was not synced whether it had reached the disk all the same. */
export type Luck = () => boolean;

/** Files that are SQLite's: they change in their own time, and are as they were at the beginning, or not there. */
const OF_SQLITE = /\.db(?:-wal|-shm|-journal)?$|^lock\./;

/** A disk that notes what is done to a folder, from a moment on in which everything was safe. */
export class RecordedDisk {
  readonly disk: Disk;
  readonly operations: Operation[] = [];
  readonly #root: string;
  readonly #before = new Map<string, number>();
  readonly #contents: Buffer[] = [];
  readonly #folders: string[] = [];
  /** What is open: the number of a file, or the path of a folder. */
  readonly #open = new Map<number, number | string>();
  readonly #now = new Map<string, number>();
  #isRecording = false;

  constructor(root: string) {
    this.#root = root;
    this.disk = new Disk(this.#recordingOperations());
  }

  /** From now on everything is noted; what is there is safe. */
  start(): void {
    for (const name of readdirSync(this.#root, { recursive: true, encoding: 'utf8' })) {
      const path = join(this.#root, name);
      if (statSync(path).isDirectory()) this.#folders.push(name);
      else {
        this.#before.set(name, this.#contents.length);
        this.#now.set(name, this.#contents.length);
        this.#contents.push(readFileSync(path));
      }
    }
    this.#isRecording = true;
  }

  stop(): void {
    this.#isRecording = false;
  }

  /**
   * Writes into an empty folder what the disk may hold when the power goes after the first `count` operations.
   *
   * @param hasCatalogue whether the databases are as they were at the beginning, or gone.
   */
  replay(count: number, folder: string, luck: Luck, hasCatalogue: boolean): void {
    const done = this.operations.slice(0, count);
    const contents = this.#contentsAfter(done, luck);
    const names = new Map(this.#before);
    for (const [at, operation] of done.entries()) {
      const place = placeOf(operation);
      if (place === undefined) continue;
      const later = done.slice(at + 1);
      const isSafe = later.some((next) => next.kind === 'sync-directory' && next.path === dirname(place));
      if (isSafe || luck()) applyToNames(names, operation);
    }
    for (const name of this.#folders) mkdirSync(join(folder, name), { recursive: true });
    for (const [name, inode] of names) {
      if (OF_SQLITE.test(name) && !hasCatalogue) continue;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), contents.get(inode) ?? this.#contents[inode] ?? Buffer.alloc(0));
    }
  }

  /** Files that were written to. Of what was not synced, each write came through or left zeros or nothing. */
  #contentsAfter(done: readonly Operation[], luck: Luck): Map<number, Buffer> {
    const contents = new Map<number, Buffer>();
    for (const [at, operation] of done.entries()) {
      if (operation.kind !== 'write' && operation.kind !== 'truncate') continue;
      const { inode } = operation;
      const isSafe = done.slice(at + 1).some((next) => next.kind === 'sync' && next.inode === inode);
      if (!isSafe && !luck()) continue;
      const before = contents.get(inode) ?? this.#contents[inode] ?? Buffer.alloc(0);
      if (operation.kind === 'truncate') {
        contents.set(inode, Buffer.concat([before], operation.sizeBytes));
        continue;
      }
      const after = Buffer.alloc(Math.max(before.length, operation.position + operation.bytes.length));
      before.copy(after);
      operation.bytes.copy(after, operation.position);
      contents.set(inode, after);
    }
    return contents;
  }

  #note(operation: Operation): void {
    if (this.#isRecording) this.operations.push(operation);
  }

  #recordingOperations(): FileOperations {
    const inodeOf = (fd: number): number | undefined => {
      const open = this.#open.get(fd);
      return typeof open === 'number' ? open : undefined;
    };
    const noteWrite = (fd: number, bytes: NodeJS.ArrayBufferView, offset: number, length: number, at: number): void => {
      const inode = inodeOf(fd);
      if (inode === undefined) return;
      const view = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length);
      this.#note({ kind: 'write', inode, position: at, bytes: Buffer.from(view) });
    };
    const nameOf = (path: fs.PathLike): string => relative(this.#root, String(path));
    const recording = {
      ...fs,
      openSync: (path: string, flags: string, mode?: fs.Mode) => {
        const fd = fs.openSync(path, flags, mode);
        const name = nameOf(path);
        if (fs.fstatSync(fd).isDirectory()) this.#open.set(fd, name === '' ? '.' : name);
        else {
          let inode = this.#now.get(name);
          if (inode === undefined || flags.startsWith('wx')) {
            inode = this.#contents.push(Buffer.alloc(0)) - 1;
            this.#now.set(name, inode);
            this.#note({ kind: 'create', path: name, inode });
          }
          this.#open.set(fd, inode);
        }
        return fd;
      },
      writeSync: (fd: number, bytes: NodeJS.ArrayBufferView, offset: number, length: number, at: number) => {
        noteWrite(fd, bytes, offset, length, at);
        return fs.writeSync(fd, bytes, offset, length, at);
      },
      write: (
        fd: number,
        bytes: NodeJS.ArrayBufferView,
        offset: number,
        length: number,
        at: number,
        done: (error: NodeJS.ErrnoException | null, count: number) => void,
      ) => {
        noteWrite(fd, bytes, offset, length, at);
        fs.write(fd, bytes, offset, length, at, done);
      },
      ftruncateSync: (fd: number, sizeBytes: number) => {
        const inode = inodeOf(fd);
        if (inode !== undefined) this.#note({ kind: 'truncate', inode, sizeBytes });
        fs.ftruncateSync(fd, sizeBytes);
      },
      /** Durable in the order of the calls; waiting for the disk proves nothing. */
      fsync: (fd: number, done: fs.NoParamCallback) => {
        const open = this.#open.get(fd);
        setImmediate(() => {
          if (typeof open === 'number') this.#note({ kind: 'sync', inode: open });
          else if (open !== undefined) this.#note({ kind: 'sync-directory', path: open });
          done(null);
        });
      },
      renameSync: (from: string, to: string) => {
        fs.renameSync(from, to);
        const inode = this.#now.get(nameOf(from));
        this.#note({ kind: 'rename', from: nameOf(from), to: nameOf(to), inode });
        this.#now.delete(nameOf(from));
        if (inode !== undefined) this.#now.set(nameOf(to), inode);
      },
      unlinkSync: (path: string) => {
        fs.unlinkSync(path);
        this.#note({ kind: 'unlink', path: nameOf(path) });
        this.#now.delete(nameOf(path));
      },
      mkdirSync: (path: string, mode?: number) => {
        fs.mkdirSync(path, mode);
        this.#note({ kind: 'mkdir', path: nameOf(path) });
      },
    };
    // Overloads of node:fs that nobody here calls are left out.
    return recording as unknown as FileOperations;
  }
}

/** The name that an operation gives or takes. Folders are made again by what lies in them. */
function placeOf(operation: Operation): string | undefined {
  if (operation.kind === 'create' || operation.kind === 'unlink') return operation.path;
  return operation.kind === 'rename' ? operation.to : undefined;
}

function applyToNames(names: Map<string, number>, operation: Operation): void {
  if (operation.kind === 'create') names.set(operation.path, operation.inode);
  else if (operation.kind === 'unlink') names.delete(operation.path);
  else if (operation.kind === 'rename') {
    // The new name is a file's own, whether or not its old one had reached the disk.
    names.delete(operation.from);
    if (operation.inode !== undefined) names.set(operation.to, operation.inode);
  }
}
