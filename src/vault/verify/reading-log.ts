import { appendFileSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOGGED_BYTES, type ReadingLog } from '../objects/verify/verify.ts';
import { PrefixTable } from '../references/prefix-table.ts';
import { unlessFailed } from '../../shared/flow/unless-failed.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** What is noted goes to the disk so many files, or so long a time, together: a crash costs reading these once more. */
const GROUP_FILES = 64;
const GROUP_MS = 5000;

/**
 * A reading log in a file: 8 bytes for each file of the vault that was found whole, one after the other. Bytes at the
 * end that a crash cut off are passed over. A log that cannot be read or written costs reading again, and nothing else:
 * that is no reason to stop.
 */
export class ReadingLogFile implements ReadingLog, Disposable {
  readonly #path: string;
  readonly #files = new PrefixTable();
  #pending: Uint8Array[] = [];
  /** So that what is appended begins where a name begins. */
  #padding: number;
  #writtenAtMs = performance.now();

  /** Opens the log, or begins one where there is none. */
  constructor(path: string) {
    this.#path = path;
    const bytes = unlessFailed(() => readFileSync(path)) ?? Buffer.alloc(0);
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
    const isLong = performance.now() - this.#writtenAtMs >= GROUP_MS;
    if (isLong || this.#pending.length >= GROUP_FILES) this.#write();
  }

  [Symbol.dispose](): void {
    if (this.#pending.length > 0) this.#write();
  }

  #write(): void {
    this.#writtenAtMs = performance.now();
    const names = this.#pending.splice(0);
    unlessFailed(() => {
      makeFolders(dirname(this.#path), 0o700);
      appendFileSync(this.#path, Buffer.concat([new Uint8Array(this.#padding), ...names]), { mode: 0o600 });
      this.#padding = 0;
    });
  }
}
