import {
  TargetError,
  type BackupTarget,
  type TargetEntry,
  type TargetFile,
} from '../../shared/target/backup-target.ts';
import { placeInBackup } from '../target/place-in-backup.ts';
import { answering, answeringChunks } from '../target/target-errors.ts';
import type { ListedFile } from '../lists/list-entry.ts';
import type { ListFile, PlacedEntry } from '../lists/list-file.ts';
import { splitPath } from '../lists/list-path.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { PlainCopy, Salvage } from '../../shared/target/plain-copy.ts';
import type { SnapshotRecord } from './record.ts';

/**
 * A finished snapshot as the folder it is: what a phone restores from and what programs look into. Read-only; every
 * byte read is checked against the hash that names it. Close it to let go of the list's file.
 */
export class SnapshotView implements BackupTarget, Disposable {
  readonly record: SnapshotRecord;
  readonly #list: ListFile;
  readonly #objects: ObjectStore;
  readonly #freeBytes: () => number;
  #directories: Map<string, Set<string>> | undefined;

  constructor(record: SnapshotRecord, list: ListFile, objects: ObjectStore, freeBytes: () => number) {
    this.record = record;
    this.#list = list;
    this.#objects = objects;
    this.#freeBytes = freeBytes;
  }

  /** Every file and every empty directory in the order of the paths. @throws {AppError} SNAPSHOT_CORRUPT */
  entries(): Generator<PlacedEntry> {
    return this.#list.entries();
  }

  /** @param path relative to the backup folder: `Manifest.plist`, `ab/abcd…` */
  find(path: string): ListedFile | undefined {
    const { directory, name } = splitPath(path);
    const entry = this.#list.findIn(directory, name);
    return entry?.kind === 'file' ? entry : undefined;
  }

  /**
   * Opens one file.
   *
   * @param path relative to the backup folder.
   * @returns undefined when the snapshot has no such file. Its chunks throw an AppError, SNAPSHOT_CORRUPT, when the
   * bytes are not those that were stored.
   */
  open(path: string): TargetFile | undefined {
    const file = this.find(path);
    if (file === undefined) return undefined;
    const hash = Buffer.from(file.sha256, 'hex');
    return { sizeBytes: file.sizeBytes, chunks: () => this.#objects.read(hash) };
  }

  read(path: string): TargetFile {
    return answering(() => {
      const inner = placeInBackup(path, this.record.udid);
      const file = this.open(inner);
      if (file !== undefined) return { ...file, chunks: () => answeringChunks(file.chunks()) };
      const reason = this.#directoryTree().has(inner) ? 'is-a-directory' : 'not-found';
      throw new TargetError(reason, `${path} is not a file of this snapshot`);
    });
  }

  list(path: string): TargetEntry[] {
    return answering(() => {
      const inner = placeInBackup(path, this.record.udid);
      const names = this.#directoryTree().get(inner);
      if (names === undefined) {
        const reason = this.find(inner) === undefined ? 'not-found' : 'not-a-directory';
        throw new TargetError(reason, `${path} is not a directory of this snapshot`);
      }
      const modifiedAt = this.record.takenAt;
      const entries = Array.from(names, (name): TargetEntry => ({ name, kind: 'directory', sizeBytes: 0, modifiedAt }));
      for (const entry of this.#list.entriesIn(inner)) {
        if (entry.kind === 'file')
          entries.push({ name: entry.name, kind: 'file', sizeBytes: entry.sizeBytes, modifiedAt });
      }
      return entries;
    });
  }

  /**
   * Where the bytes of a file lie and what they must hash to, unchecked; undefined for a file that it does not have, and
   * for one that is packed.
   */
  locate(path: string): { path: string; offset: number; sizeBytes: number; sha256: string } | undefined {
    return answering(() => {
      const file = this.find(placeInBackup(path, this.record.udid));
      const location = file && this.#objects.locate(Buffer.from(file.sha256, 'hex'));
      if (file === undefined || location === undefined || location.isPacked) return undefined;
      return { path: location.path, offset: location.offset, sizeBytes: file.sizeBytes, sha256: file.sha256 };
    });
  }

  /** Where the bytes of a file lie as a file of their own, unchecked; undefined for small files, which share one, and packed ones. */
  localPath(path: string): string | undefined {
    return answering(() => {
      const file = this.find(placeInBackup(path, this.record.udid));
      const location = file && this.#objects.locate(Buffer.from(file.sha256, 'hex'));
      return location?.offset === 0 && !location.isPacked ? location.path : undefined;
    });
  }

  /** A file with the bytes of a packed file, where there is no `localPath`. See `Unpacked`. */
  async plainCopy(path: string): Promise<PlainCopy | undefined> {
    const file = answering(() => this.find(placeInBackup(path, this.record.udid)));
    return file && this.#objects.unpacked.plainCopy(Buffer.from(file.sha256, 'hex'));
  }

  /** What can still be read of a packed file that is damaged, for looking into it. See `Unpacked`. */
  async salvage(path: string): Promise<Salvage | undefined> {
    const file = answering(() => this.find(placeInBackup(path, this.record.udid)));
    return file && this.#objects.unpacked.salvage(Buffer.from(file.sha256, 'hex'), file.sizeBytes);
  }

  create(): never {
    return refuseChange();
  }

  makeDirectory(): never {
    return refuseChange();
  }

  move(): never {
    return refuseChange();
  }

  remove(): never {
    return refuseChange();
  }

  copy(): never {
    return refuseChange();
  }

  freeBytes(): number {
    return this.#freeBytes();
  }

  [Symbol.dispose](): void {
    this.#list[Symbol.dispose]();
  }

  /** The names of the directories in each directory. Read from the index; made when first asked for. */
  #directoryTree(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#directories !== undefined) return this.#directories;
    const tree = new Map<string, Set<string>>([['', new Set()]]);
    for (const path of this.#list.allDirectories()) {
      for (let each = path; each !== '' && !tree.has(each);) {
        tree.set(each, new Set());
        each = splitPath(each).directory;
      }
    }
    for (const path of tree.keys()) {
      const { directory, name } = splitPath(path);
      if (path !== '') tree.get(directory)?.add(name);
    }
    this.#directories = tree;
    return tree;
  }
}

function refuseChange(): never {
  throw new TargetError('unsupported', 'a snapshot never changes');
}
