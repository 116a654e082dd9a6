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
    return ListFile.open(this.pathOf(sha256), sha256);
  }

  /**
   * Has a list written and makes it durable under its name. A tree that some snapshot already has leaves nothing new.
   *
   * @param fill adds every entry in order. What it throws leaves no trace.
   */
  async write(fill: (writer: ListWriter) => void | Promise<void>): Promise<ListSummary> {
    await using list = this.begin();
    await fill(list.writer);
    return await list.finish();
  }

  /** Begins a list that is written in several steps, and is gone unless it is finished. */
  begin(): ListInProgress {
    const madeFolder = this.#disk.makeDirectory(this.#dir) !== undefined;
    const temporary = join(this.#dir, `${randomUUID()}.tmp`);
    return new ListInProgress(this.#disk, temporary, {
      isThere: (sha256) => this.#isWhole(sha256),
      adopt: (sha256) => this.#adopt(sha256, temporary, madeFolder),
    });
  }

  /**
   * Takes over a list of another vault, also in the place of a damaged one. A list that is there and whole stays.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or damaged there.
   */
  async copyFrom(other: ListStore, sha256: string): Promise<void> {
    if (this.#isWhole(sha256)) return;
    using list = other.open(sha256);
    list.verify();
    await this.write((writer) => {
      for (const frame of list.frames) writer.addFrame(frame, list.readFrame(frame));
    });
  }

  /** Removes lists, then makes their absence durable. */
  async remove(lists: Iterable<string>): Promise<void> {
    for (const sha256 of lists) this.#disk.remove(this.pathOf(sha256));
    await this.#disk.syncDirectory(this.#dir);
  }

  /** Where a list lies, be it there or not. */
  pathOf(sha256: string): string {
    return join(this.#dir, sha256);
  }

  /** The names of all lists. */
  names(): string[] {
    return this.#entries().filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  /** Removes what commits that were cut off left behind. */
  sweep(): void {
    for (const name of this.#entries()) if (name.endsWith('.tmp')) rmSync(join(this.#dir, name), { force: true });
  }

  async #adopt(sha256: string, temporary: string, madeFolder: boolean): Promise<void> {
    this.#disk.rename(temporary, this.pathOf(sha256));
    await this.#disk.syncDirectory(this.#dir);
    if (madeFolder) await this.#disk.syncDirectory(this.#vaultDir);
  }

  /** A list that rotted must not swallow a good one of the same name. */
  #isWhole(sha256: string): boolean {
    if (!existsSync(this.pathOf(sha256))) return false;
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
}

/** What becomes of a list when it is complete. */
interface ListAdoption {
  isThere(sha256: string): boolean;
  adopt(sha256: string): Promise<void>;
}

/** A list being written to a temporary file. */
export class ListInProgress implements AsyncDisposable {
  readonly writer: ListWriter;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #file: number;
  readonly #adoption: ListAdoption;
  #isClosed = false;

  constructor(disk: Disk, path: string, adoption: ListAdoption) {
    this.#disk = disk;
    this.#path = path;
    this.#adoption = adoption;
    this.#file = disk.create(path, 0o400);
    this.writer = new ListWriter(disk, this.#file, path);
  }

  /** Gives the list its name, durably, unless a whole one has it already. */
  async finish(): Promise<ListSummary> {
    const summary = this.writer.finish();
    if (this.#adoption.isThere(summary.sha256)) return summary;
    await this.#disk.sync(this.#file, this.#path);
    this.#close();
    await this.#adoption.adopt(summary.sha256);
    return summary;
  }

  /** Removes what was written, unless it has been given its name. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#disk.close(this.#file, this.#path);
  }
}
