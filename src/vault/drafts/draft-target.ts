import {
  TargetError,
  type BackupTarget,
  type TargetEntry,
  type TargetFile,
  type TargetSink,
} from '../../shared/backup-target.ts';
import { joinPath, splitPath } from '../lists/list-path.ts';
import type { StoredObject } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { REMOVED, type DraftFile } from './change-group.ts';
import { DraftFiles, type DraftParts } from './draft-files.ts';
import { placeInBackup, type PlaceInBackup } from '../target/place-in-backup.ts';
import { createObjectSink } from './object-sink.ts';
import { answering, answeringChunks } from '../target/target-errors.ts';

export interface DraftTargetOptions {
  readonly udid: string;
  readonly objects: ObjectStore;
  readonly now: () => number;
  readonly freeBytes: () => number;
  /** Told of every file received. */
  readonly onStored: (object: StoredObject) => void;
}

/**
 * A draft as the phone sees it: a folder. Names move, bytes never do, so copies and moves cost nothing. What concerns
 * single files is done before the call returns; what concerns whole directories first settles the changes before it.
 */
export class DraftTarget implements BackupTarget {
  readonly #parts: DraftParts;
  readonly #files: DraftFiles;
  readonly #options: DraftTargetOptions;

  constructor(parts: DraftParts, options: DraftTargetOptions) {
    this.#parts = parts;
    this.#files = new DraftFiles(parts);
    this.#options = options;
  }

  read(path: string): TargetFile {
    return answering(() => {
      const { directory, name, inner } = this.#place(path);
      if (this.#parts.tree.has(inner)) throw new TargetError('is-a-directory', `${path} is a directory`);
      const { hash, sizeBytes } = this.#files.find(directory, name) ?? notFound(path);
      return { sizeBytes, chunks: () => answeringChunks(this.#options.objects.read(hash)) };
    });
  }

  create(path: string): TargetSink {
    return answering(() => {
      const place = this.#place(path);
      this.#makeRoomForFile(place, path);
      return createObjectSink(this.#options.objects, (object) => {
        this.#options.onStored(object);
        this.#makeRoomForFile(place, path);
        const { hash, sizeBytes } = object;
        this.#parts.commits.put(place.directory, place.name, { hash, sizeBytes, changedAtMs: this.#options.now() });
        return this.#parts.commits.backpressure();
      });
    });
  }

  list(path: string): TargetEntry[] {
    return answering(() => {
      const { directory, name, inner } = this.#place(path);
      if (!this.#parts.tree.has(inner)) {
        const isFile = this.#files.find(directory, name) !== undefined;
        throw isFile ? new TargetError('not-a-directory', `${path} is a file`) : notFound(path);
      }
      return [...this.#directoriesIn(inner), ...this.#filesIn(inner)];
    });
  }

  makeDirectory(path: string): void {
    answering(() => {
      const { directory, name, inner } = this.#place(path);
      if (!this.#parts.tree.has(inner) && this.#files.find(directory, name) !== undefined) {
        throw new TargetError('exists', `${path} is a file`);
      }
      this.#ensureDirectory(inner);
    });
  }

  move(from: string, to: string): void | Promise<void> {
    return this.#relocate(from, to, true);
  }

  copy(from: string, to: string): void | Promise<void> {
    return this.#relocate(from, to, false);
  }

  remove(path: string): void | Promise<void> {
    return answering(() => {
      const { directory, inner } = this.#place(path);
      if (this.#parts.tree.has(inner)) {
        this.#ensureDirectory(directory);
        return this.#changeDirectories((nowMs) => this.#files.removeDirectory(inner, nowMs));
      }
      if (this.#parts.tree.has(directory)) this.#removeFile(this.#place(path));
      return undefined;
    });
  }

  freeBytes(): number {
    return answering(() => this.#options.freeBytes());
  }

  /** Where the bytes of a file lie as a file of their own; undefined for small files, which share one. */
  localPath(path: string): string | undefined {
    return answering(() => {
      const { directory, name } = this.#place(path);
      const file = this.#files.find(directory, name);
      const location = file === undefined ? undefined : this.#options.objects.locate(file.hash);
      return location?.offset === 0 ? location.path : undefined;
    });
  }

  #relocate(from: string, to: string, isMove: boolean): void | Promise<void> {
    return answering(() => {
      const source = this.#place(from);
      const target = this.#place(to);
      const isDirectory = this.#parts.tree.has(source.inner);
      const file = isDirectory ? undefined : (this.#files.find(source.directory, source.name) ?? notFound(from));
      if (source.inner === target.inner) return undefined;
      if (isWithin(source.inner, target.inner) || isWithin(target.inner, source.inner)) {
        throw new TargetError('invalid-path', `${from} and ${to} lie within each other`);
      }
      this.#ensureDirectory(target.directory);
      if (isMove) this.#ensureDirectory(source.directory);
      if (file === undefined) return this.#relocateDirectory(source, target, isMove);
      if (this.#parts.tree.has(target.inner)) return this.#replaceDirectory(file, source, target, isMove);
      this.#placeFile(file, source, target, isMove);
      return undefined;
    });
  }

  #placeFile(file: DraftFile, source: PlaceInBackup, target: PlaceInBackup, isMove: boolean): void {
    this.#parts.commits.put(target.directory, target.name, file);
    if (isMove) this.#removeFile(source);
  }

  async #replaceDirectory(
    file: DraftFile,
    source: PlaceInBackup,
    target: PlaceInBackup,
    isMove: boolean,
  ): Promise<void> {
    await this.#changeDirectories((nowMs) => this.#files.removeDirectory(target.inner, nowMs));
    this.#placeFile(file, source, target, isMove);
  }

  #relocateDirectory(source: PlaceInBackup, target: PlaceInBackup, isMove: boolean): Promise<void> {
    const { tree, database } = this.#parts;
    return this.#changeDirectories((nowMs) => {
      if (tree.has(target.inner)) this.#files.removeDirectory(target.inner, nowMs);
      else database.putFile(target.directory, target.name, REMOVED, tree.showsBase(target.directory));
      this.#files.copyDirectory(source.inner, target.inner, nowMs);
      if (isMove) this.#files.removeDirectory(source.inner, nowMs);
    });
  }

  /** Directories change in the database itself, after everything that came before. */
  #changeDirectories(change: (nowMs: number) => void): Promise<void> {
    const { commits, database } = this.#parts;
    return commits.exclusively(() => database.transaction(() => change(this.#options.now())));
  }

  /** A directory that loses a file stays, even where it has none left. */
  #removeFile({ directory, name }: PlaceInBackup): void {
    this.#ensureDirectory(directory);
    this.#parts.commits.put(directory, name, REMOVED);
  }

  #makeRoomForFile({ directory, inner }: PlaceInBackup, path: string): void {
    if (this.#parts.tree.has(inner)) throw new TargetError('is-a-directory', `${path} is a directory`);
    this.#ensureDirectory(directory);
  }

  /** Makes a directory and those above it, and notes that the draft has changed something in each. */
  #ensureDirectory(path: string): void {
    const { tree, commits } = this.#parts;
    if (tree.isRecorded(path)) return;
    const { directory, name } = splitPath(path);
    this.#ensureDirectory(directory);
    if (!tree.has(path) && this.#files.find(directory, name) !== undefined) {
      throw new TargetError('not-a-directory', `${path} is a file`);
    }
    tree.record(path, this.#options.now());
    commits.addDirectory(path);
  }

  *#directoriesIn(path: string): Generator<TargetEntry> {
    const { tree, base } = this.#parts;
    for (const name of tree.childrenOf(path)) {
      const changedAtMs = tree.changedAtMs(joinPath(path, name)) ?? base?.takenAtMs ?? 0;
      yield { name, kind: 'directory', sizeBytes: 0, modifiedAt: new Date(changedAtMs) };
    }
  }

  *#filesIn(path: string): Generator<TargetEntry> {
    for (const [name, { sizeBytes, changedAtMs }] of this.#files.in(path)) {
      yield { name, kind: 'file', sizeBytes, modifiedAt: new Date(changedAtMs) };
    }
  }

  #place(path: string): PlaceInBackup {
    return placeInBackup(path, this.#options.udid);
  }
}

/** Whether `path` lies below `directory`, however deep. */
function isWithin(directory: string, path: string): boolean {
  return directory === '' ? path !== '' : path.startsWith(`${directory}/`);
}

function notFound(path: string): never {
  throw new TargetError('not-found', `${path} does not exist`);
}
