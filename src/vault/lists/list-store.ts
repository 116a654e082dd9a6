import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from '../durability.ts';
import { namesIn } from '../look.ts';
import { BaseFiles, damageOf } from './base-files.ts';
import { ListFile } from './list-file.ts';
import { baseOfList, ListSource } from './list-source.ts';
import { ListWriter, type ListSummary } from './list-writer.ts';
import { packList } from './pack-list.ts';

/**
 * The file lists of a vault: `lists/<sha256 of the text>`, one per distinct tree. A list may be packed against another
 * one, its base, which is there twice then.
 */
export class ListStore {
  readonly #vaultDir: string;
  readonly #dir: string;
  readonly #disk: Disk;
  /** The lists that others are packed against. */
  readonly bases: BaseFiles;
  /** Settles when no list is being packed or unpacked. */
  #packing: Promise<unknown> = Promise.resolve();

  constructor(vaultDir: string, disk: Disk) {
    this.#vaultDir = vaultDir;
    this.#dir = join(vaultDir, 'lists');
    this.#disk = disk;
    this.bases = new BaseFiles(this.#dir, disk);
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
    const temporary = this.#temporaryPath();
    return new ListInProgress(this.#disk, temporary, {
      isThere: (sha256) => this.isWhole(sha256),
      adopt: (sha256) => this.#adopt(sha256, temporary, madeFolder),
    });
  }

  /** The list that this one is packed against. @throws {AppError} SNAPSHOT_CORRUPT */
  baseOf(sha256: string): string | undefined {
    return baseOfList(this.pathOf(sha256), sha256);
  }

  /**
   * Packs a list against another one, where that is worth it. What was written is read back before it takes the place
   * of what was there; at every instant one of both is. Only where the mark of the vault says that lists may be packed.
   * Of several that are asked for at once, each begins when the one before has ended.
   *
   * @param base stands by itself.
   * @returns whether the list is packed now; otherwise it is as it was.
   * @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED
   */
  pack(sha256: string, base: string): Promise<boolean> {
    return this.#inTurn(() => this.#pack(sha256, base));
  }

  async #pack(sha256: string, base: string): Promise<boolean> {
    if (sha256 === base || this.bases.has(sha256)) return false;
    return await this.#replace(sha256, async (file, path) => {
      using list = ListSource.openEither(this.pathOf(sha256), sha256);
      using baseList = ListSource.openEither(this.pathOf(base), base);
      if (baseList.base !== undefined) return false;
      if (!(await packList(list, baseList, { disk: this.#disk, file, path }))) return false;
      // What stood by itself must not come to rest on the one whole file of two.
      if (baseList.isHalfDamaged && !(await this.bases.mend(base))) return false;
      await this.bases.secure(base);
      return true;
    });
  }

  /** Makes a packed list stand by itself again. @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED */
  async unpack(sha256: string): Promise<void> {
    await this.#inTurn(() => this.#unpack(sha256));
  }

  #unpack(sha256: string): Promise<boolean> {
    return this.#replace(sha256, (file, path) => {
      using list = this.open(sha256);
      const writer = new ListWriter(this.#disk, file, path);
      copyFrames(list, writer);
      writer.finish();
      return true;
    });
  }

  /**
   * Takes over a list of another vault, also in the place of a damaged one. A list that is there and whole stays.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or damaged there.
   */
  async copyFrom(other: ListStore, sha256: string): Promise<void> {
    if (this.isWhole(sha256)) return;
    using list = other.open(sha256);
    list.verify();
    await this.write((writer) => copyFrames(list, writer));
  }

  /** Whether a list is there and can be read. One that rotted must not swallow a good one of the same name. */
  isWhole(sha256: string): boolean {
    return existsSync(this.pathOf(sha256)) && damageOf(this.pathOf(sha256), sha256) === undefined;
  }

  /** Removes lists, then makes their absence durable. */
  async remove(lists: Iterable<string>): Promise<void> {
    for (const sha256 of lists) {
      this.bases.release([sha256]);
      this.#disk.remove(this.pathOf(sha256));
    }
    await this.#disk.syncDirectory(this.#dir);
  }

  /** Where a list lies, be it there or not. */
  pathOf(sha256: string): string {
    return join(this.#dir, sha256);
  }

  /** The names of all lists. */
  names(): string[] {
    return namesIn(this.#dir).filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  /** Removes what commits that were cut off left behind. */
  sweep(): void {
    for (const name of namesIn(this.#dir)) if (name.endsWith('.tmp')) rmSync(join(this.#dir, name), { force: true });
  }

  /** What a list is packed against must not be packed meanwhile. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#packing.then(work);
    this.#packing = turn.catch(() => undefined);
    return turn;
  }

  #temporaryPath(): string {
    return join(this.#dir, `${randomUUID()}.tmp`);
  }

  /**
   * Writes the file of a list anew and reads it back, and only then puts it in the place of the old one.
   *
   * @param write returns whether what it wrote is to be taken.
   */
  async #replace(sha256: string, write: (file: number, path: string) => boolean | Promise<boolean>): Promise<boolean> {
    const temporary = this.#temporaryPath();
    const file = this.#disk.create(temporary, 0o400);
    try {
      try {
        if (!(await write(file, temporary))) return false;
        await this.#disk.sync(file, temporary);
      } finally {
        this.#disk.close(file, temporary);
      }
      const damage = damageOf(temporary, sha256);
      if (damage !== undefined) throw damage;
      await this.#adopt(sha256, temporary, false);
      return true;
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  async #adopt(sha256: string, temporary: string, madeFolder: boolean): Promise<void> {
    this.#disk.rename(temporary, this.pathOf(sha256));
    await this.#disk.syncDirectory(this.#dir);
    if (madeFolder) await this.#disk.syncDirectory(this.#vaultDir);
  }
}

/** Writes the frames of a list as they are where they stand by themselves. @throws {AppError} SNAPSHOT_CORRUPT */
function copyFrames(list: ListFile, writer: ListWriter): void {
  for (const frame of list.frames) writer.addFrame(frame, list.readFrame(frame));
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
