import type { ObjectRef } from '../objects/object-ref.ts';

/** A file as a draft has it. */
export interface DraftFile extends ObjectRef {
  readonly changedAtMs: number;
}

/** A file that was removed or moved away. */
export const REMOVED = Symbol('removed');
export type FileChange = DraftFile | typeof REMOVED;

/** The changes since the last group commit, the latest of each file. */
export class ChangeGroup {
  readonly #files = new Map<string, Map<string, FileChange>>();
  /** Directories that were made, or written into for the first time. */
  readonly directories = new Set<string>();
  /** How many changes were made, those that replaced another included. */
  count = 0;
  /** Sum of the sizes of the files put. */
  bytes = 0;

  get isEmpty(): boolean {
    return this.count === 0 && this.directories.size === 0;
  }

  get(directory: string, name: string): FileChange | undefined {
    return this.#files.get(directory)?.get(name);
  }

  put(directory: string, name: string, change: FileChange): void {
    let files = this.#files.get(directory);
    if (files === undefined) this.#files.set(directory, (files = new Map()));
    files.set(name, change);
    this.count++;
    if (change !== REMOVED) this.bytes += change.sizeBytes;
  }

  in(directory: string): ReadonlyMap<string, FileChange> | undefined {
    return this.#files.get(directory);
  }

  byDirectory(): Iterable<[string, ReadonlyMap<string, FileChange>]> {
    return this.#files;
  }
}
