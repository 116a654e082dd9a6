import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import type { ObjectLayout } from './layout.ts';

/** Stands for the text of a `generation` file that is not there, which is not what a torn one holds. */
const NO_GENERATION = 'none';

/**
 * The vault's `generation` file: a text that is new in every session that adds objects. The catalogue is given the
 * same text when such a session ends well. Where the two differ, the catalogue is behind the disk, be it for a crash
 * or because one of them was put back from a copy.
 */
export class Generation {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  #text: string | undefined;
  #durable: Promise<void> | undefined;

  constructor(disk: Disk, layout: ObjectLayout) {
    this.#disk = disk;
    this.#layout = layout;
  }

  /** This session's text, undefined while it has added nothing. */
  get text(): string | undefined {
    return this.#text;
  }

  get isAnnounced(): boolean {
    return this.#text !== undefined;
  }

  /** To be called before an object is added. */
  announce(): void {
    if (this.#text !== undefined) return;
    const text = randomUUID();
    const path = this.#layout.generation;
    const temporary = `${path}.tmp`;
    this.#disk.remove(temporary);
    const fd = this.#disk.create(temporary);
    try {
      this.#disk.write(fd, Buffer.from(`${text}\n`), 0, temporary);
    } finally {
      this.#disk.close(fd, temporary);
    }
    this.#disk.rename(temporary, path);
    this.#text = text;
  }

  /**
   * To be awaited before objects are removed. Until the session has ended well, the catalogue counts as behind the disk:
   * a file that is back after a power cut is then found, not kept for ever. On a full disk it is more important that
   * something is removed.
   */
  async announceRemoval(): Promise<void> {
    try {
      this.announce();
      await this.makeDurable();
    } catch (error) {
      if (!isAppError(error, 'OUT_OF_SPACE')) throw error;
      // Whoever adds something later begins with a file that no sync has failed on.
      this.#text = undefined;
      this.#durable = undefined;
    }
  }

  /** To be awaited before an object gets its final name or a flush is acknowledged. */
  makeDurable(): Promise<void> {
    this.#durable ??= this.#sync();
    return this.#durable;
  }

  async #sync(): Promise<void> {
    const path = this.#layout.generation;
    const fd = this.#disk.openForWriting(path);
    try {
      await this.#disk.sync(fd, path);
    } finally {
      this.#disk.close(fd, path);
    }
    await this.#disk.syncDirectory(this.#layout.vault);
  }
}

/** The text in the vault's `generation` file. */
export function readGeneration(layout: ObjectLayout): string {
  try {
    return readFileSync(layout.generation, 'utf8').trim();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return NO_GENERATION;
    throw storageError(error, 'read', layout.generation);
  }
}
