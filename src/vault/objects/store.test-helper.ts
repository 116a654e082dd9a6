import { createCipheriv, createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { Disk, type FileOperations } from '../durability.ts';
import type { ObjectStore, ObjectStoreOptions } from './object-store.ts';
import { openObjectStore } from './open-object-store.ts';

/** An empty folder that goes away with the test. */
export function makeVault(t: TestContext): string {
  const vault = fs.mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => fs.rmSync(vault, { recursive: true, force: true }));
  return vault;
}

export interface OpenStore extends AsyncDisposable {
  readonly store: ObjectStore;
  /** Leaves the vault as the death of the process would. */
  crash(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the catalogue and the objects of a vault together. */
export async function openStore(vault: string, options: ObjectStoreOptions = {}): Promise<OpenStore> {
  const catalogue = openCatalogue(vault, { readOnly: options.mode === 'read' });
  const store = await openObjectStore(vault, catalogue, options);
  return {
    store,
    crash: () => {
      store.abandon();
      catalogue[Symbol.dispose]();
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      catalogue[Symbol.dispose]();
    },
  };
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Bytes that are the same for the same seed, begin differently for each seed and do not compress. */
export function contentOf(seed: number | string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes; at += NOISE.length) NOISE.copy(bytes, at);
  sha256(Buffer.from(String(seed))).copy(bytes);
  return bytes;
}

const NOISE = Buffer.concat(Array.from({ length: 2048 }, (_, block) => sha256(Buffer.from(`noise ${block}`))));

/** Bytes as those of a database, which a vault that packs makes less than half of; with `isFull` nothing shrinks. */
export function databaseOf(seed: number | string, sizeBytes: number, isFull = false): Buffer {
  const key = sha256(Buffer.from(`database ${seed}`));
  const bytes = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
  const page = 4096;
  const shrinkingBytes = isFull ? 0 : sizeBytes;
  for (let at = 0; at < shrinkingBytes; at += page) bytes.fill(at >>> 12, at, Math.min(at + 3000, sizeBytes));
  Buffer.from('SQLite format 3\0').copy(bytes);
  key.copy(bytes, 100);
  return bytes;
}

/** Puts an object of any size, in chunks of the given length. */
export async function putLarge(store: ObjectStore, bytes: Uint8Array, chunkBytes = 700_001): Promise<Buffer> {
  const writer = store.createLarge();
  for (let at = 0; at < bytes.length; at += chunkBytes) await writer.write(bytes.subarray(at, at + chunkBytes));
  return (await writer.finish()).hash;
}

export async function readAll(store: ObjectStore, hash: Buffer): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(store.read(hash), (chunk) => Buffer.from(chunk)));
}

/** The files of a folder and below, as paths relative to it. */
export function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made up`), { code });
}

/** A disk on which some operations are others. */
export function diskWith(operations: Partial<FileOperations>): Disk {
  return new Disk({ ...fs, ...operations });
}
