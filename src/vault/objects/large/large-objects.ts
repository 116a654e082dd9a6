import { dirname } from 'node:path';
import type { Disk } from '../../durability.ts';
import { isPackedName, objectPath, packedPath, PACKED_SUFFIX, type ObjectLayout } from '../layout.ts';

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
  /** Files of objects that have another one now: they were of no use. */
  #replaced: string[] = [];
  readonly #beforeNaming: () => Promise<void>;
  #nextTemporary = 0;

  /** @param beforeNaming awaited before an object gets its final name. */
  constructor(disk: Disk, layout: ObjectLayout, beforeNaming: () => Promise<void>) {
    this.#disk = disk;
    this.#layout = layout;
    this.#beforeNaming = beforeNaming;
  }

  createTemporary(kind: 'plain' | 'packed'): { fd: number; path: string } {
    this.#makeFolder(this.#layout.temporary);
    const suffix = kind === 'packed' ? PACKED_SUFFIX : '';
    const path = `${this.#layout.temporary}/${process.pid}-${this.#nextTemporary++}${suffix}`;
    return { fd: this.#disk.create(path), path };
  }

  /** Where an object is that does not have its final name yet. */
  temporary(hash: Buffer): string | undefined {
    return this.#settling.get(hash.toString('hex'))?.temporary;
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
    const [folders, replaced] = [this.#changedFolders, this.#replaced];
    this.#changedFolders = new Set();
    this.#replaced = [];
    await Promise.all(Array.from(folders, (folder) => this.#disk.syncDirectory(folder)));
    for (const path of replaced) this.#disk.remove(path);
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
    const [plain, packed] = [objectPath(this.#layout, hash), packedPath(this.#layout, hash)];
    const [path, other] = isPackedName(temporary) ? [packed, plain] : [plain, packed];
    const folder = dirname(path);
    this.#makeFolder(folder);
    this.#disk.rename(temporary, path);
    // An object that is stored anew had no file whose length was right; what there was goes when this one is durable.
    if (this.#disk.sizeOf(other) !== undefined) this.#replaced.push(other);
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
