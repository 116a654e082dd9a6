import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../../shared/errors.ts';
import { makeFolders } from '../../../shared/files/make-folders.ts';

/**
 * Small pictures that were made, kept on the disk of this computer so that they are made once. Each file is sealed with
 * AES-256-GCM under a secret that only the password of its backup gives, and its name tells nothing:
 *
 *   nonce (12 bytes) · sealed JPEG · tag (16 bytes)          cache/thumbnails/ab/<HMAC of what it was made of>
 *
 * What cannot be read or written is made anew: nothing here is needed.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** When it is full, this much of it stays: the newest. */
const KEPT_FRACTION = 0.8;

export class SealedCache {
  readonly #dir: string;
  readonly #maxBytes: number;
  /** Undefined until it was looked how much there is. */
  #bytes: Promise<number> | undefined;
  #isTrimming = false;

  constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  /** @param secret 32 bytes. @returns undefined where there is none, or none that this secret opens. */
  async get(secret: Uint8Array, key: string): Promise<Buffer | undefined> {
    const path = this.#pathOf(secret, key);
    const sealed = await quietly(() => readFile(path));
    if (sealed === undefined || sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const plain = unseal(secret, sealed);
    if (plain === undefined) await quietly(() => rm(path, { force: true }));
    // The time of the last use is what decides which go first.
    else void quietly(() => utimes(path, new Date(), new Date()));
    return plain;
  }

  async put(secret: Uint8Array, key: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > MAX_FILE_BYTES) return;
    const path = this.#pathOf(secret, key);
    const partial = `${path}.${randomBytes(6).toString('hex')}.part`;
    const sealed = seal(secret, bytes);
    const isWritten = await quietly(async () => {
      makeFolders(dirname(path), 0o700);
      await writeFile(partial, sealed, { mode: 0o600, flag: 'wx' });
      await rename(partial, path);
      return true;
    });
    if (isWritten !== true) {
      await quietly(() => rm(partial, { force: true }));
      return;
    }
    this.#bytes = this.#size().then((bytesBefore) => bytesBefore + sealed.length);
    if ((await this.#bytes) > this.#maxBytes) await this.#trim();
  }

  #pathOf(secret: Uint8Array, key: string): string {
    const name = createHmac('sha256', secret).update(key).digest('hex').slice(0, 40);
    return join(this.#dir, name.slice(0, 2), name);
  }

  #size(): Promise<number> {
    this.#bytes ??= this.#list().then((files) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    return this.#bytes;
  }

  async #trim(): Promise<void> {
    if (this.#isTrimming) return;
    this.#isTrimming = true;
    const oldestFirst = (await this.#list()).toSorted((a, b) => a.usedMs - b.usedMs);
    let left = oldestFirst.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const { path, sizeBytes } of oldestFirst) {
      if (left <= this.#maxBytes * KEPT_FRACTION) break;
      await quietly(() => rm(path, { force: true }));
      left -= sizeBytes;
    }
    this.#bytes = Promise.resolve(left);
    this.#isTrimming = false;
  }

  async #list(): Promise<{ path: string; sizeBytes: number; usedMs: number }[]> {
    if (!existsSync(this.#dir)) return [];
    const files: { path: string; sizeBytes: number; usedMs: number }[] = [];
    for (const folder of (await quietly(() => readdir(this.#dir))) ?? []) {
      for (const name of (await quietly(() => readdir(join(this.#dir, folder)))) ?? []) {
        const path = join(this.#dir, folder, name);
        const facts = await quietly(() => stat(path));
        if (facts !== undefined) files.push({ path, sizeBytes: facts.size, usedMs: facts.mtimeMs });
      }
    }
    return files;
  }
}

function seal(secret: Uint8Array, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function unseal(secret: Uint8Array, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    // Of another secret, or changed: the tag does not say which.
    return undefined;
  }
}

/** A disk that is full or not there is no reason to fail. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
