import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { storageError } from '../durability.ts';
import { LOGGED_BYTES, type ReadingLog } from '../objects/verify.ts';
import { PrefixTable } from '../references/prefix-table.ts';
import { systemErrorCode } from '../../shared/errors.ts';

/** What is noted goes to the disk so many files at a time: a crash costs reading these once more. */
const GROUP_FILES = 64;

/**
 * A reading log in a file: 8 bytes for each file of the vault that was found whole, one after the other. Bytes at the
 * end that a crash cut off are passed over, and so is what it left of zeros.
 */
export class ReadingLogFile implements ReadingLog, Disposable {
  readonly #path: string;
  readonly #files = new PrefixTable();
  #pending: Uint8Array[] = [];
  /** So that what is appended begins where a name begins. */
  #padding = 0;

  /** Opens the log, or begins one where there is none. @throws {AppError} STORAGE_FAILED */
  constructor(path: string) {
    this.#path = path;
    const bytes = readIfThere(path);
    for (let at = 0; at + LOGGED_BYTES <= bytes.length; at += LOGGED_BYTES) {
      this.#files.addHash(bytes.subarray(at, at + LOGGED_BYTES));
    }
    this.#padding = (LOGGED_BYTES - (bytes.length % LOGGED_BYTES)) % LOGGED_BYTES;
  }

  has(file: Uint8Array): boolean {
    return this.#files.has(file);
  }

  add(file: Uint8Array): void {
    this.#files.addHash(file);
    this.#pending.push(file);
    if (this.#pending.length >= GROUP_FILES) this.flush();
  }

  /** @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED */
  flush(): void {
    if (this.#pending.length === 0) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      appendFileSync(this.#path, Buffer.concat([new Uint8Array(this.#padding), ...this.#pending]), { mode: 0o600 });
    } catch (error) {
      throw storageError(error, 'note what was read in', this.#path);
    }
    this.#pending = [];
    this.#padding = 0;
  }

  [Symbol.dispose](): void {
    this.flush();
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw storageError(error, 'read', path);
  }
}
