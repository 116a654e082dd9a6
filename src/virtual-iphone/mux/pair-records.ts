import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/errors.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/**
 * What the computer's usbmuxd keeps: its own id (BUID) and the pair records of the phones, one file each. A record is
 * bytes to it, never looked into.
 */
export class MuxPairRecords {
  readonly #directory: string;
  readonly #buid: string;

  private constructor(directory: string, buid: string) {
    this.#directory = directory;
    this.#buid = buid;
  }

  static async open(directory: string): Promise<MuxPairRecords> {
    makeFolders(directory, 0o700);
    const path = join(directory, 'BUID');
    const kept = await readOrUndefined(path);
    if (kept !== undefined) return new MuxPairRecords(directory, kept.toString('utf8'));
    const buid = randomUUID().toUpperCase();
    await writeFile(path, buid, { mode: 0o600 });
    return new MuxPairRecords(directory, buid);
  }

  get buid(): string {
    return this.#buid;
  }

  /** Undefined when there is none, or when `udid` could not name a phone. */
  async read(udid: string): Promise<Buffer | undefined> {
    const path = this.#pathOf(udid);
    return path === undefined ? undefined : readOrUndefined(path);
  }

  /** @returns false when `udid` could not name a phone. */
  async save(udid: string, record: Uint8Array): Promise<boolean> {
    const path = this.#pathOf(udid);
    if (path === undefined) return false;
    const beside = `${path}.${randomUUID()}`;
    await writeFile(beside, record, { mode: 0o600 });
    await rename(beside, path);
    return true;
  }

  /** @returns false when there was none. */
  async delete(udid: string): Promise<boolean> {
    const path = this.#pathOf(udid);
    if (path === undefined || (await readOrUndefined(path)) === undefined) return false;
    await rm(path, { force: true });
    return true;
  }

  /** The id comes from a client and becomes a file name: nothing but the characters of UDIDs passes. */
  #pathOf(udid: string): string | undefined {
    return /^[0-9A-Za-z-]{1,64}$/.test(udid) ? join(this.#directory, `${udid}.plist`) : undefined;
  }
}

async function readOrUndefined(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
