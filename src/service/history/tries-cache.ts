import { stat } from 'node:fs/promises';
import { historyFiles, triesOf, type Try } from './tries.ts';

/** The histories of devices, read again only when their files have changed: by whatever process. */
export class TriesCache {
  readonly #stateDir: string;
  readonly #read = new Map<string, { readonly mark: string; readonly tries: Promise<readonly Try[]> }>();

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /** The newest first. @throws {AppError} STORAGE_FAILED */
  async of(udid: string): Promise<readonly Try[]> {
    const mark = await this.#markOf(udid);
    let read = this.#read.get(udid);
    if (read?.mark !== mark) {
      read = { mark, tries: triesOf(this.#stateDir, udid) };
      this.#read.set(udid, read);
    }
    return read.tries;
  }

  async #markOf(udid: string): Promise<string> {
    const marks = historyFiles(this.#stateDir, udid).map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(() => undefined);
      return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeNs}`;
    });
    return (await Promise.all(marks)).join(' ');
  }
}
