import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { ListFile } from './list-file.ts';
import { ListWriter, type ListSummary } from './list-writer.ts';

/** The file lists of a vault: `lists/<sha256 of the text>`, one per distinct tree. */
export class ListStore {
  readonly #vaultDir: string;
  readonly #dir: string;
  readonly #disk: Disk;

  constructor(vaultDir: string, disk: Disk) {
    this.#vaultDir = vaultDir;
    this.#dir = join(vaultDir, 'lists');
    this.#disk = disk;
  }

  /** @throws {AppError} SNAPSHOT_CORRUPT when the list is missing or cannot be read. */
  open(sha256: string): ListFile {
    return ListFile.open(this.#path(sha256), sha256);
  }

  /**
   * Has a list written and makes it durable under its name. A tree that some snapshot already has leaves nothing new.
   *
   * @param fill adds every entry in order. What it throws leaves no trace.
   */
  async write(fill: (writer: ListWriter) => void | Promise<void>): Promise<ListSummary> {
    const madeFolder = this.#disk.makeDirectory(this.#dir) !== undefined;
    const temporary = join(this.#dir, `${randomUUID()}.tmp`);
    const file = this.#disk.create(temporary, 0o400);
    try {
      const summary = await this.#fillAndSync(file, temporary, fill);
      if (this.#isWhole(summary.sha256)) {
        this.#disk.remove(temporary);
        return summary;
      }
      this.#disk.rename(temporary, this.#path(summary.sha256));
      await this.#disk.syncDirectory(this.#dir);
      if (madeFolder) await this.#disk.syncDirectory(this.#vaultDir);
      return summary;
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Removes lists, then makes their absence durable. */
  async remove(lists: Iterable<string>): Promise<void> {
    for (const sha256 of lists) this.#disk.remove(this.#path(sha256));
    await this.#disk.syncDirectory(this.#dir);
  }

  /** The names of all lists. */
  names(): string[] {
    return this.#entries().filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  /** Removes what commits that were cut off left behind. */
  sweep(): void {
    for (const name of this.#entries()) if (name.endsWith('.tmp')) rmSync(join(this.#dir, name), { force: true });
  }

  async #fillAndSync(
    file: number,
    path: string,
    fill: (writer: ListWriter) => void | Promise<void>,
  ): Promise<ListSummary> {
    try {
      const writer = new ListWriter(this.#disk, file, path);
      await fill(writer);
      const summary = writer.finish();
      // Only a list that is going to stay need be durable; one that is there already is dropped.
      if (!existsSync(this.#path(summary.sha256))) await this.#disk.sync(file, path);
      return summary;
    } finally {
      this.#disk.close(file, path);
    }
  }

  /** A list that rotted must not swallow a good one of the same name. */
  #isWhole(sha256: string): boolean {
    if (!existsSync(this.#path(sha256))) return false;
    try {
      using list = this.open(sha256);
      list.verify();
      return true;
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) return false;
      throw error;
    }
  }

  #entries(): string[] {
    try {
      return readdirSync(this.#dir);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw storageError(error, 'look into', this.#dir);
    }
  }

  #path(sha256: string): string {
    return join(this.#dir, sha256);
  }
}
