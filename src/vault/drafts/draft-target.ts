import {
  TargetError,
  type BackupTarget,
  type TargetEntry,
  type TargetFile,
  type TargetSink,
} from '../../shared/target/backup-target.ts';
import { joinPath } from '../lists/list-path.ts';
import type { StoredObject } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { PlainCopy } from '../../shared/target/plain-copy.ts';
import { placeInBackup } from '../target/place-in-backup.ts';
import { answering, answeringChunks } from '../target/target-errors.ts';
import type { DraftState } from './draft-state.ts';
import type { GroupCommit } from './group-commit.ts';
import { ObjectSink } from './object-sink.ts';
import type { DraftOperation } from './operation.ts';

export interface DraftTargetOptions {
  readonly udid: string;
  readonly objects: ObjectStore;
  readonly now: () => number;
  readonly freeBytes: () => number;
  /** Told of every file received. */
  readonly onStored: (object: StoredObject) => void;
}

/**
 * A draft as the phone sees it: a folder. Names move, bytes never do, so copies and moves cost nothing, and only the
 * end of a large file is worth a promise. What was done is noted for the journal.
 */
export class DraftTarget implements BackupTarget {
  readonly #state: DraftState;
  readonly #commits: GroupCommit;
  readonly #options: DraftTargetOptions;

  constructor(state: DraftState, commits: GroupCommit, options: DraftTargetOptions) {
    this.#state = state;
    this.#commits = commits;
    this.#options = options;
  }

  read(path: string): TargetFile {
    return answering(() => {
      const place = this.#place(path);
      const file = this.#state.findFile(place);
      if (file === undefined) throw this.#absent(place, path, 'is-a-directory');
      return { sizeBytes: file.sizeBytes, chunks: () => answeringChunks(this.#options.objects.read(file.hash)) };
    });
  }

  create(path: string): TargetSink {
    return answering(() => {
      const place = this.#place(path);
      this.#state.checkRoomForFile(place);
      return new ObjectSink(this.#options.objects.createLarge(), (object) => {
        const { hash, sizeBytes } = object;
        this.#options.onStored(object);
        this.#do({ kind: 'put', path: place, hash, sizeBytes, timeMs: this.#options.now() });
        return this.#commits.backpressure();
      });
    });
  }

  list(path: string): TargetEntry[] {
    return answering(() => {
      const place = this.#place(path);
      if (this.#state.tree.get(place) === undefined) throw this.#absent(place, path, 'not-a-directory');
      return [...this.#directoriesIn(place), ...this.#filesIn(place)];
    });
  }

  makeDirectory(path: string): void {
    answering(() => this.#do({ kind: 'make-directory', path: this.#place(path), timeMs: this.#options.now() }));
  }

  move(from: string, to: string): void {
    answering(() => {
      this.#do({ kind: 'move', path: this.#place(from), to: this.#place(to), timeMs: this.#options.now() });
    });
  }

  copy(from: string, to: string): void {
    answering(() => {
      this.#do({ kind: 'copy', path: this.#place(from), to: this.#place(to), timeMs: this.#options.now() });
    });
  }

  remove(path: string): void {
    answering(() => this.#do({ kind: 'remove', path: this.#place(path), timeMs: this.#options.now() }));
  }

  freeBytes(): number {
    return answering(() => this.#options.freeBytes());
  }

  /** Where the bytes of a file lie as a file of their own; undefined for small files, which share one, and packed ones. */
  localPath(path: string): string | undefined {
    return answering(() => {
      const file = this.#state.findFile(this.#place(path));
      const location = file === undefined ? undefined : this.#options.objects.locate(file.hash);
      return location?.offset === 0 && !location.isPacked ? location.path : undefined;
    });
  }

  /** A file with the bytes of a packed file, where there is no `localPath`. See `Unpacked`. */
  async plainCopy(path: string): Promise<PlainCopy | undefined> {
    const file = answering(() => this.#state.findFile(this.#place(path)));
    return file && this.#options.objects.unpacked.plainCopy(file.hash);
  }

  /** Whether a file is there, as far as the draft itself tells; undefined where only its base would. */
  knowsFile(path: string): boolean | undefined {
    return answering(() => this.#state.knowsFile(this.#place(path)));
  }

  /** An operation that fails changes nothing and is not noted. */
  #do(operation: DraftOperation): void {
    this.#commits.assertHealthy();
    this.#state.apply(operation);
    this.#commits.add(operation);
  }

  *#directoriesIn(place: string): Generator<TargetEntry> {
    const { tree, base } = this.#state;
    for (const name of tree.childrenOf(place)) {
      const changedAtMs = tree.get(joinPath(place, name))?.changedAtMs ?? base?.takenAtMs ?? 0;
      yield { name, kind: 'directory', sizeBytes: 0, modifiedAt: new Date(changedAtMs) };
    }
  }

  *#filesIn(place: string): Generator<TargetEntry> {
    const baseTime = new Date(this.#state.base?.takenAtMs ?? 0);
    for (const { name, file, entry } of this.#state.filesIn(place)) {
      const modifiedAt = file === undefined ? baseTime : new Date(file.changedAtMs);
      yield { name, kind: 'file', sizeBytes: (file ?? entry).sizeBytes, modifiedAt };
    }
  }

  /** What to say of a place where the wanted kind of thing is not: the other kind, or nothing. */
  #absent(place: string, path: string, otherKind: 'is-a-directory' | 'not-a-directory'): TargetError {
    const isThere = this.#state.tree.get(place) !== undefined || this.#state.findFile(place) !== undefined;
    return isThere
      ? new TargetError(otherKind, `${path} is of another kind`)
      : new TargetError('not-found', `${path} does not exist`);
  }

  #place(path: string): string {
    return placeInBackup(path, this.#options.udid);
  }
}
