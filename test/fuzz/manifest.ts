/**
 * Manifests that are damaged: every entry of them is read or refused with an expected error, quickly. Both formats,
 * Manifest.db with its MBFile archives and Manifest.mbdb.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TargetError, type TargetFile } from '../../src/shared/target/backup-target.ts';
import { isAppError } from '../../src/shared/errors.ts';
import {
  createManifestDatabase,
  encodeMbdb,
  encodeMbFile,
  fileIdOf,
  folderSource,
  listFolder,
  openManifest,
  type BackupSource,
  type EntryKind,
  type MbFile,
} from '../../src/snapshot/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

/** Far beyond what these small manifests need, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 10_000;
const ENTRIES = 60;

/** Reads `count` damaged manifests; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const whole = { 'Manifest.db': database(directory), 'Manifest.mbdb': encodeMbdb(records()) };
    for (let i = 0; i < count; i++) {
      const random = randomFrom(seedOfRound(seed, i));
      const name = random.pick(['Manifest.db', 'Manifest.mbdb'] as const);
      const bytes = mutate(random, whole[name]);
      // In place, as it lies on the disk, or by its bytes, as it comes out of a vault.
      const source = random.onceIn(4) ? await inFolder(directory, name, bytes) : inMemory(name, bytes);
      await readAll(source).catch((cause: unknown) => {
        throw new Error(`${name} fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
      });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function inFolder(directory: string, name: string, bytes: Buffer): Promise<BackupSource> {
  await rm(join(directory, 'Manifest.db'), { force: true });
  await writeFile(join(directory, name), bytes);
  return folderSource(directory);
}

function inMemory(name: string, bytes: Buffer): BackupSource {
  const file: TargetFile = {
    sizeBytes: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
  return {
    read: (path) => {
      if (path === name) return file;
      throw new TargetError('not-found', `there is no ${path}`);
    },
  };
}

async function readAll(source: BackupSource): Promise<void> {
  const startedMs = performance.now();
  try {
    using manifest = await openManifest(source);
    for (const entry of manifest.entries({ onProblem: () => {} })) {
      assert.match(entry.fileId, /^[0-9a-f]{40}$/);
      tryIt(() => entry.details());
      tryIt(() => entry.outline());
    }
    for (const entry of manifest.listing({ onProblem: () => {} })) tryIt(() => entry.outline());
    listFolder(manifest, { domain: 'HomeDomain', relativePath: 'Library' });
    for (const id of manifest.contentIds()) assert.match(manifest.contentPath(id), /^([0-9a-f]{2}\/)?[0-9a-f]{40}$/);
    manifest.find('HomeDomain', 'Library/7');
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
  assert.ok(performance.now() - startedMs < HANG_MS, 'reading took too long');
}

function tryIt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

function database(directory: string): Buffer {
  const path = join(directory, 'Manifest.db');
  using writer = createManifestDatabase(path);
  for (const { domain, relativePath, kind, file } of entries()) {
    writer.put({ fileId: fileIdOf(domain, relativePath), domain, relativePath, kind, file: encodeMbFile(file) });
  }
  writer.finish();
  return readFileSync(path);
}

function* records(): Generator<Parameters<typeof encodeMbdb>[0] extends Iterable<infer Record> ? Record : never> {
  const time = new Date(1.7e12);
  for (const { domain, file } of entries()) {
    const { relativePath, mode, userId, groupId, inode, sizeBytes = 0, protectionClass } = file;
    const times = { modifiedAt: time, accessedAt: time, statusChangedAt: time };
    const base = { domain, relativePath, mode, userId, groupId, inode, sizeBytes, protectionClass, ...times };
    yield { ...base, properties: [{ name: 'com.example', value: Buffer.from('value') }] };
  }
}

function* entries(): Generator<{ domain: string; relativePath: string; kind: EntryKind; file: MbFile }> {
  for (let i = 0; i < ENTRIES; i++) {
    const kind = i % 10 === 0 ? 'directory' : 'file';
    const relativePath = `Library/${i}`;
    const file: MbFile = {
      relativePath,
      mode: kind === 'file' ? 0o100644 : 0o040755,
      sizeBytes: i * 1000,
      userId: 501,
      groupId: 501,
      inode: i,
      modifiedAt: new Date(1.7e12),
      protectionClass: 3,
      flags: 0,
      digest: Buffer.alloc(20, i),
    };
    yield { domain: i % 2 === 0 ? 'HomeDomain' : 'CameraRollDomain', relativePath, kind, file };
  }
}
