import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeBinaryPlist, type PlistDictionary } from '../formats/index.ts';
import { createManifestDatabase, fileIdOf } from '../snapshot/index.ts';
import { checkBackup } from './checks.ts';
import type { LocalTarget } from './draft-source.ts';
import { openFolderTarget } from './folder-target.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
const PATHS = Array.from({ length: 40 }, (_, i) => `Media/DCIM/100APPLE/IMG_${i}.JPG`);
const FINISHED = { SnapshotState: 'finished', BackupState: 'new', Version: '3.3' };

describe('checkBackup', () => {
  test('passes a backup that holds every file of its manifest', async () => {
    await using backup = await newBackup();
    assert.deepEqual(await checkBackup(backup.target, UDID), {
      encrypted: false,
      checks: { status: 'finished', manifest: 'complete', manifestFiles: PATHS.length },
    });
  });

  test('leaves the manifest of an encrypted backup to the device', async () => {
    await using backup = await newBackup({ manifestPlist: { IsEncrypted: true }, withoutFiles: PATHS });
    assert.equal((await checkBackup(backup.target, UDID)).encrypted, true);
  });

  test('refuses a backup that the device did not finish', async () => {
    await using backup = await newBackup({ status: { ...FINISHED, SnapshotState: 'moving' } });
    await assert.rejects(checkBackup(backup.target, UDID), {
      code: 'BACKUP_UNFINISHED',
      details: { snapshotState: 'moving' },
    });
  });

  test('refuses a backup that lacks files, and counts them', async () => {
    await using backup = await newBackup({ withoutFiles: PATHS.slice(0, 3) });
    await assert.rejects(checkBackup(backup.target, UDID), (error: Error & { code?: string; details?: object }) => {
      assert.equal(error.code, 'SNAPSHOT_CORRUPT');
      assert.match(error.message, /^3 of the files/);
      return true;
    });
  });

  for (const [what, path, content] of [
    ['Status.plist', 'Status.plist', Buffer.from('garbage')],
    ['Manifest.plist', 'Manifest.plist', Buffer.from('bplist00garbage')],
    ['Manifest.db', 'Manifest.db', Buffer.from('no database')],
    ['Manifest.db, being empty,', 'Manifest.db', Buffer.alloc(0)],
  ] as const) {
    test(`refuses a backup whose ${what} cannot be read`, async () => {
      await using backup = await newBackup();
      await put(backup.target, path, content);
      await assert.rejects(checkBackup(backup.target, UDID), { code: 'SNAPSHOT_CORRUPT' });
    });
  }

  for (const path of ['Status.plist', 'Manifest.plist', 'Manifest.db']) {
    test(`refuses a backup without ${path}`, async () => {
      await using backup = await newBackup();
      await backup.target.remove(`${UDID}/${path}`);
      await assert.rejects(checkBackup(backup.target, UDID), { name: 'AppError' });
    });
  }
});

interface BackupParts {
  readonly status?: PlistDictionary;
  readonly manifestPlist?: PlistDictionary;
  readonly withoutFiles?: readonly string[];
}

/** A backup of forty tiny files in a folder. */
async function newBackup(parts: BackupParts = {}): Promise<{ target: LocalTarget } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const target = await openFolderTarget(folder, { udids: [UDID] });
  const withoutFiles = new Set(parts.withoutFiles);
  await put(target, 'Status.plist', encodeBinaryPlist(parts.status ?? FINISHED));
  await put(target, 'Manifest.plist', encodeBinaryPlist(parts.manifestPlist ?? { IsEncrypted: false }));
  const writer = createManifestDatabase(join(folder, UDID, 'Manifest.db'));
  for (const relativePath of PATHS) {
    const fileId = fileIdOf('CameraRollDomain', relativePath);
    writer.put({ fileId, domain: 'CameraRollDomain', relativePath, kind: 'file', file: Buffer.alloc(0) });
    if (!withoutFiles.has(relativePath)) await put(target, `${fileId.slice(0, 2)}/${fileId}`, Buffer.from('x'));
  }
  writer.finish();
  return { target, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function put(target: LocalTarget, path: string, content: Buffer): Promise<void> {
  const sink = await target.create(`${UDID}/${path}`);
  await sink.write(content);
  await sink.finish();
}
