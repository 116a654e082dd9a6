/** Whether a snapshot is what the phone held: every entry of its manifest, every stored byte, and nothing else. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { asDictionary, decodePlist, stringAt } from '../../src/formats/index.ts';
import type { ClassKeys } from '../../src/keybag/index.ts';
import {
  matchesDigest,
  openManifest,
  readContent,
  readManifestPlist,
  unlockBackup,
  type BackupSource,
} from '../../src/snapshot/index.ts';
import type { SnapshotRecord, SnapshotView, Vault } from '../../src/vault/index.ts';
import type { VirtualIphone } from '../../src/virtual-iphone/index.ts';

/** What there is at one place of a phone, by `domain path`: a hash of the content, where the link points, "directory". */
export type Contents = ReadonlyMap<string, string>;

/** Domain of what lies on a phone and never enters a backup. */
const NOT_BACKED_UP = 'NotBackedUpDomain';
const PAYLOAD = /^[0-9a-f]{2}$/;
const TOP_LEVEL = ['Info.plist', 'Manifest.plist', 'Status.plist'];

/** What the phone holds now, to be compared later. */
export function contentsOf({ disk }: VirtualIphone): Contents {
  const contents = new Map<string, string>();
  for (const file of disk.all()) {
    if (file.domain === NOT_BACKED_UP) continue;
    const what = file.kind === 'file' ? sha256(disk.read(file)) : (file.linkTarget ?? 'directory');
    contents.set(placeOf(file.domain, file.relativePath), what);
  }
  return contents;
}

/**
 * Checks a snapshot against what the phone held when it was taken.
 *
 * @param password of an encrypted backup.
 */
export async function assertHolds(
  vault: Vault,
  record: SnapshotRecord,
  contents: Contents,
  password?: string,
): Promise<void> {
  assert.equal(record.encrypted, password !== undefined);
  using view = vault.openSnapshot(record);
  const source: BackupSource = { read: (path) => view.read(`${record.udid}/${path}`) };
  const classKeys = password === undefined ? undefined : await classKeysOf(source, password);
  using manifest = await openManifest(source, classKeys ? { classKeys } : {});
  const held = new Map<string, string>();
  const paths = [...TOP_LEVEL, `Manifest.${manifest.format}`];
  for (const entry of manifest.entries({ onProblem: (problem) => assert.fail(JSON.stringify(problem)) })) {
    const place = placeOf(entry.domain, entry.relativePath);
    const details = entry.details();
    if (entry.kind !== 'file') {
      held.set(place, details.linkTarget ?? 'directory');
      continue;
    }
    const path = manifest.contentPath(entry.fileId);
    paths.push(path);
    const stored = await source.read(path);
    if (details.digest !== undefined) assert.ok(await matchesDigest(stored, details.digest), `digest of ${place}`);
    const hash = createHash('sha256');
    const onDamage = (): never => assert.fail(`${place} does not decrypt`);
    for await (const chunk of readContent(source, manifest, entry, { ...(classKeys && { classKeys }), onDamage })) {
      hash.update(chunk);
    }
    held.set(place, hash.digest('hex'));
  }
  assert.deepEqual(sorted(held), sorted(contents));
  assert.deepEqual(storedFiles(view), paths.toSorted());
  await assertFinished(source);
}

/** Reads every byte of every snapshot; each read is checked against the hash that names it. */
export async function assertAllReadable(vault: Vault): Promise<void> {
  assert.deepEqual(vault.unreadableRecords(), []);
  const seen = new Set<string>();
  for (const record of vault.snapshots()) {
    using view = vault.openSnapshot(record);
    let files = 0;
    let bytes = 0;
    for (const { directory, entry } of view.entries()) {
      if (entry.kind !== 'file') continue;
      files += 1;
      bytes += entry.sizeBytes;
      if (seen.has(entry.sha256)) continue;
      seen.add(entry.sha256);
      const file = view.open(directory === '' ? entry.name : `${directory}/${entry.name}`);
      let readBytes = 0;
      for await (const chunk of file?.chunks() ?? []) readBytes += chunk.length;
      assert.equal(readBytes, entry.sizeBytes);
    }
    assert.deepEqual([files, bytes], [record.list.files, record.list.bytes]);
  }
}

function storedFiles(view: SnapshotView): string[] {
  const paths: string[] = [];
  for (const { directory, entry } of view.entries()) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    // A folder of payloads may be left empty; any other is a remain of something.
    if (entry.kind === 'directory') assert.match(path, PAYLOAD);
    else paths.push(path);
  }
  return paths.toSorted();
}

async function assertFinished(source: BackupSource): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await source.read('Status.plist')).chunks()) chunks.push(Buffer.from(chunk));
  assert.equal(stringAt(asDictionary(decodePlist(Buffer.concat(chunks))), 'SnapshotState'), 'finished');
}

async function classKeysOf(source: BackupSource, password: string): Promise<ClassKeys> {
  const facts = await readManifestPlist(source);
  assert.ok(facts !== undefined);
  return unlockBackup(facts, password);
}

const placeOf = (domain: string, path: string): string => `${domain} ${path}`;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function sorted(map: Contents): [string, string][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
