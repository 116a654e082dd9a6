import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '../../shared/errors.ts';
import type { Disk } from '../durability.ts';
import { namesIn } from '../look.ts';
import { secondPathOf } from './base-text.ts';
import { corruptList, isUnreadable } from './list-errors.ts';
import { ListSource } from './list-source.ts';

const COPIED_AT_A_TIME_BYTES = 1024 * 1024;

/**
 * The lists that others are packed against. Each is there twice, `lists/<sha256>` and `lists/<sha256>.second`: one
 * flipped bit may cost one version, never a season of them.
 */
export class BaseFiles {
  readonly #dir: string;
  readonly #disk: Disk;

  /** @param dir the folder of the lists. */
  constructor(dir: string, disk: Disk) {
    this.#dir = dir;
    this.#disk = disk;
  }

  /** Whether lists are, or were, packed against this one. */
  has(sha256: string): boolean {
    return existsSync(this.secondOf(sha256));
  }

  names(): string[] {
    return namesIn(this.#dir).flatMap((name) => /^([0-9a-f]{64})\.second$/.exec(name)?.[1] ?? []);
  }

  secondOf(sha256: string): string {
    return secondPathOf(join(this.#dir, sha256));
  }

  /**
   * Sees to it that a list is there twice, and whole, before anything rests on it.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED
   */
  async secure(sha256: string): Promise<void> {
    if (this.has(sha256)) return;
    const [path, second] = this.#pathsOf(sha256);
    const damage = damageOfBase(path, sha256);
    if (damage !== undefined) throw damage;
    await this.#copy(path, second, sha256);
  }

  /**
   * What is wrong with the two files of a list. While one of them is whole nothing is lost, and `mend` makes the other
   * one of it.
   */
  damageOf(sha256: string): AppError | undefined {
    const [path, second] = this.#pathsOf(sha256);
    return damageOfBase(path, sha256) ?? damageOfBase(second, sha256);
  }

  /** Makes the damaged one of two files anew of the whole one. @returns whether both are whole now. */
  async mend(sha256: string): Promise<boolean> {
    const paths = this.#pathsOf(sha256);
    const whole = paths.find((path) => damageOfBase(path, sha256) === undefined);
    if (whole === undefined) return false;
    for (const path of paths) if (damageOfBase(path, sha256) !== undefined) await this.#copy(whole, path, sha256);
    return true;
  }

  /** Removes second files: nothing is packed against these lists any more. */
  release(lists: Iterable<string>): void {
    for (const sha256 of lists) this.#disk.remove(this.secondOf(sha256));
  }

  #pathsOf(sha256: string): [string, string] {
    return [join(this.#dir, sha256), this.secondOf(sha256)];
  }

  async #copy(from: string, to: string, sha256: string): Promise<void> {
    const temporary = join(this.#dir, `${randomUUID()}.tmp`);
    const source = this.#disk.openForReading(from);
    if (source === undefined) throw corruptList(sha256, 'it is missing');
    try {
      const file = this.#disk.create(temporary, 0o400);
      try {
        const buffer = Buffer.alloc(COPIED_AT_A_TIME_BYTES);
        for (let offset = 0, read = -1; read !== 0; offset += read) {
          read = this.#disk.read(source, buffer, offset, from);
          this.#disk.write(file, buffer.subarray(0, read), offset, temporary);
        }
        await this.#disk.sync(file, temporary);
      } finally {
        this.#disk.close(file, temporary);
      }
      this.#disk.rename(temporary, to);
      await this.#disk.syncDirectory(this.#dir);
    } finally {
      this.#disk.close(source, from);
      rmSync(temporary, { force: true });
    }
  }
}

/** Why the file at `path` is not the list `sha256`; undefined when it is. */
export function damageOf(path: string, sha256: string): AppError | undefined {
  return whyNot(() => {
    using list = ListSource.open(path, sha256);
    list.verify();
  });
}

/** As `damageOf`, of a list that stands by itself. */
function damageOfBase(path: string, sha256: string): AppError | undefined {
  return whyNot(() => {
    using list = ListSource.openBase(path, sha256);
    list.verify();
  });
}

function whyNot(read: () => void): AppError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (isUnreadable(error)) return error;
    throw error;
  }
}
