import { dirname } from 'node:path';
import type { Disk } from '../durability.ts';
import { objectPath, type ObjectLayout } from './layout.ts';

/** Large objects being made durable at the same time; one more has to wait. The thread pool has four threads. */
const MAX_SETTLING = 3;

/**
 * Brings received files to their final names: made durable, made read-only, renamed. That happens in the background
 * while the next object is being received; `settled` waits for it, and `syncNames` makes the names durable.
 */
export class LargeObjects {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  readonly #settling = new Map<string, { temporary: string; done: Promise<void> }>();
  readonly #knownFolders = new Set<string>();
  #changedFolders = new Set<string>();
  #nextTemporary = 0;

  constructor(disk: Disk, layout: ObjectLayout) {
    this.#disk = disk;
    this.#layout = layout;
  }

  createTemporary(): { fd: number; path: string } {
    this.#makeFolder(this.#layout.temporary);
    const path = `${this.#layout.temporary}/${process.pid}-${this.#nextTemporary++}`;
    return { fd: this.#disk.create(path), path };
  }

  /** Where the bytes of an object are right now. */
  path(hash: Buffer): string {
    return this.#settling.get(hash.toString('hex'))?.temporary ?? objectPath(this.#layout, hash);
  }

  /**
   * Takes over a complete temporary file. Returns when there is room for the next one, not when this one is durable.
   *
   * @throws {AppError} when this or an earlier object could not be made durable.
   */
  async settle(hash: Buffer, fd: number, temporary: string): Promise<void> {
    const key = hash.toString('hex');
    const done = this.#settleNow(hash, fd, temporary);
    this.#settling.set(key, { temporary, done });
    // A failed one stays, so that whoever waits next learns of it.
    done.then(
      () => this.#settling.delete(key),
      () => undefined,
    );
    while (this.#settling.size >= MAX_SETTLING) {
      await Promise.race(Array.from(this.#settling.values(), (each) => each.done));
    }
  }

  /** Waits until every object taken over so far has its final name. */
  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#settling.values(), (each) => each.done));
  }

  /** Makes the names given so far durable. */
  async syncNames(): Promise<void> {
    const folders = this.#changedFolders;
    this.#changedFolders = new Set();
    await Promise.all(Array.from(folders, (folder) => this.#disk.syncDirectory(folder)));
  }

  async #settleNow(hash: Buffer, fd: number, temporary: string): Promise<void> {
    try {
      await this.#disk.sync(fd, temporary);
      this.#disk.makeReadOnly(fd);
    } finally {
      this.#disk.close(fd, temporary);
    }
    const path = objectPath(this.#layout, hash);
    const folder = dirname(path);
    this.#makeFolder(folder);
    this.#disk.rename(temporary, path);
    this.#changedFolders.add(folder);
  }

  #makeFolder(folder: string): void {
    if (this.#knownFolders.has(folder)) return;
    const first = this.#disk.makeDirectory(folder);
    this.#knownFolders.add(folder);
    if (first !== undefined) this.#changedFolders.add(dirname(first)).add(dirname(folder));
  }
}
