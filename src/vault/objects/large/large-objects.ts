import { dirname } from 'node:path';
import type { Disk } from '../../durability.ts';
import { objectPath, type ObjectLayout } from '../layout.ts';

/** Large objects being made durable at the same time. One thread of the pool is left for what is being received. */
const MAX_SETTLING = Math.max(1, Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) - 1);

/**
 * Brings received files to their final names: made durable, made read-only, renamed. That happens in the background
 * while the next object is being received; `flush` waits for it.
 */
export class LargeObjects {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  readonly #settling = new Map<string, { temporary: string; done: Promise<void> }>();
  readonly #knownFolders = new Set<string>();
  #changedFolders = new Set<string>();
  readonly #beforeNaming: () => Promise<void>;
  #nextTemporary = 0;

  /** @param beforeNaming awaited before an object gets its final name. */
  constructor(disk: Disk, layout: ObjectLayout, beforeNaming: () => Promise<void>) {
    this.#disk = disk;
    this.#layout = layout;
    this.#beforeNaming = beforeNaming;
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
    const done = this.#settleNow(hash, fd, temporary);
    // A failed one stays here, so that whoever waits next learns of it; until then it is not unhandled.
    this.#settling.set(hash.toString('hex'), { temporary, done });
    done.catch(() => undefined);
    while (this.#settling.size >= MAX_SETTLING) {
      await Promise.race(Array.from(this.#settling.values(), (each) => each.done));
    }
  }

  /** Resolves when every object taken over before the call is durable under its final name. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#settling.values(), (each) => each.done));
    const folders = this.#changedFolders;
    this.#changedFolders = new Set();
    await Promise.all(Array.from(folders, (folder) => this.#disk.syncDirectory(folder)));
  }

  /** Resolves when no object is on its way to its name any more, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(Array.from(this.#settling.values(), (each) => each.done));
  }

  async #settleNow(hash: Buffer, fd: number, temporary: string): Promise<void> {
    try {
      await this.#disk.sync(fd, temporary);
      this.#disk.makeReadOnly(fd);
    } finally {
      this.#disk.close(fd, temporary);
    }
    await this.#beforeNaming();
    const path = objectPath(this.#layout, hash);
    const folder = dirname(path);
    this.#makeFolder(folder);
    this.#disk.rename(temporary, path);
    this.#settling.delete(hash.toString('hex'));
    this.#changedFolders.add(folder);
  }

  #makeFolder(folder: string): void {
    if (this.#knownFolders.has(folder)) return;
    const first = this.#disk.makeDirectory(folder);
    this.#knownFolders.add(folder);
    if (first !== undefined) this.#changedFolders.add(dirname(first)).add(dirname(folder));
  }
}
